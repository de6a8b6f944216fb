#pragma once

#include <string_view>

#include "common/data_type.h"

namespace mcusim::codegen {

/// The C99 type of a tensor's elements.
constexpr std::string_view c_type(DataType type) {
  switch (type) {
    case DataType::float32:
      return "float";
    case DataType::int8:
      return "int8_t";
    case DataType::uint8:
    case DataType::boolean:
      return "uint8_t";
    case DataType::int16:
      return "int16_t";
    case DataType::int32:
      return "int32_t";
    case DataType::int64:
      return "int64_t";
  }
  return "void";
}

}  // namespace mcusim::codegen
