#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mcusim {

/// Element types of tensors, in networks, notes and .npy files.
enum class DataType : std::uint8_t { float32, int8, uint8, int16, int32, int64, boolean };

/// Bytes of one element.
constexpr std::size_t size_of(DataType type) {
  switch (type) {
    case DataType::float32:
    case DataType::int32:
      return 4;
    case DataType::int16:
      return 2;
    case DataType::int64:
      return 8;
    case DataType::int8:
    case DataType::uint8:
    case DataType::boolean:
      return 1;
  }
  return 0;
}

/// The name used in notes and reports: "float32", "int8", ...
constexpr std::string_view name_of(DataType type) {
  switch (type) {
    case DataType::float32:
      return "float32";
    case DataType::int8:
      return "int8";
    case DataType::uint8:
      return "uint8";
    case DataType::int16:
      return "int16";
    case DataType::int32:
      return "int32";
    case DataType::int64:
      return "int64";
    case DataType::boolean:
      return "bool";
  }
  return "?";
}

constexpr std::optional<DataType> data_type_of(std::string_view name) {
  for (DataType type : {DataType::float32, DataType::int8, DataType::uint8, DataType::int16, DataType::int32,
                        DataType::int64, DataType::boolean}) {
    if (name == name_of(type)) return type;
  }
  return std::nullopt;
}

}  // namespace mcusim
