#pragma once

#include <cstring>

#include "common/npy.h"

namespace mcusim::profiler {

/// Calls `use` with each of the first `count` elements of an array, as the type that it has; booleans as
/// bool.
template <typename Use>
void for_values(const NpyArray& array, std::size_t count, Use use) {
  const auto each = [&]<typename T>(T value) {
    for (std::size_t i = 0; i < count && (i + 1) * sizeof value <= array.bytes.size(); ++i) {
      std::memcpy(&value, &array.bytes[i * sizeof value], sizeof value);
      use(value);
    }
  };
  switch (array.type) {
    case DataType::float32:
      return each(float{});
    case DataType::int8:
      return each(std::int8_t{});
    case DataType::uint8:
      return each(std::uint8_t{});
    case DataType::int16:
      return each(std::int16_t{});
    case DataType::int32:
      return each(std::int32_t{});
    case DataType::int64:
      return each(std::int64_t{});
    case DataType::boolean:
      for (std::size_t i = 0; i < std::min(count, array.bytes.size()); ++i) use(array.bytes[i] != 0);
  }
}

}  // namespace mcusim::profiler
