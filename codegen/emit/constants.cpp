#include "codegen/emit/constants.h"

#include <fmt/format.h>

#include <cstring>
#include <vector>

#include "codegen/emit/c_text.h"
#include "codegen/emit/c_type.h"
#include "common/error.h"

namespace mcusim::codegen {
namespace {

constexpr std::string_view kIndent = "    ";

template <typename T>
std::string values_text(std::span<const T> values) {
  std::vector<std::string> items;
  items.reserve(values.size());
  for (const T value : values) {
    if constexpr (std::is_floating_point_v<T>) {
      items.push_back(c_float(value));
    } else {
      items.push_back(c_int(value));
    }
  }
  return c_list(items, kIndent);
}

template <typename T>
std::string bytes_text(const std::vector<std::uint8_t>& data) {
  std::vector<T> values(data.size() / sizeof(T));
  std::memcpy(values.data(), data.data(), values.size() * sizeof(T));
  return values_text<T>(values);
}

std::string tensor_text(const Tensor& tensor) {
  switch (tensor.type) {
    case DataType::float32:
      return bytes_text<float>(tensor.data);
    case DataType::int8:
      return bytes_text<std::int8_t>(tensor.data);
    case DataType::uint8:
      return bytes_text<std::uint8_t>(tensor.data);
    case DataType::int32:
      return bytes_text<std::int32_t>(tensor.data);
    default:
      throw InputError(
          fmt::format("{}: constants of type {} are not supported; convert the model to int8 or float32",
                      note_text(tensor.name), name_of(tensor.type)));
  }
}

std::string tensor_comment(const Tensor& tensor) {
  std::string text =
      fmt::format("{}: {} {}", c_comment(tensor.name), name_of(tensor.type), dimensions(tensor.shape));
  if (tensor.quantization && tensor.quantization->scales.size() == 1) {
    text += fmt::format(", scale {:.9g}", tensor.quantization->scales[0]);
  } else if (tensor.quantization) {
    text += fmt::format(", a scale for each of {}", tensor.quantization->scales.size());
  }
  return text;
}

}  // namespace

std::string Constants::add(std::string_view name, std::string_view comment,
                           std::span<const std::int8_t> values) {
  std::string symbol = fmt::format("{}_{}", prefix_, name);
  add_text(symbol, "int8_t", comment, values.size(), 1, values_text(values));
  return symbol;
}

std::string Constants::add(std::string_view name, std::string_view comment,
                           std::span<const std::uint16_t> values) {
  std::string symbol = fmt::format("{}_{}", prefix_, name);
  add_text(symbol, "uint16_t", comment, values.size(), 2, values_text(values));
  return symbol;
}

std::string Constants::add(std::string_view name, std::string_view comment,
                           std::span<const std::int32_t> values) {
  std::string symbol = fmt::format("{}_{}", prefix_, name);
  add_text(symbol, "int32_t", comment, values.size(), 4, values_text(values));
  return symbol;
}

std::string Constants::add_tensor(const Graph& graph, TensorId id) {
  const Tensor& tensor = graph.tensor(id);
  std::string symbol = fmt::format("{}_tensor_{}", prefix_, id);
  if (tensors_.insert(id).second) {
    add_text(symbol, c_type(tensor.type), tensor_comment(tensor), static_cast<std::size_t>(tensor.elements()),
             size_of(tensor.type), tensor_text(tensor));
  }
  return symbol;
}

void Constants::add_text(std::string_view symbol, std::string_view c_type, std::string_view comment,
                         std::size_t count, std::size_t element_bytes, const std::string& values) {
  declarations_ += fmt::format("extern const {} {}[{}];\n", c_type, symbol, count);
  definitions_ += fmt::format("\n/* {} */\nconst {} {}[{}] MCUSIM_ALIGNED(4) = {{\n{}}};\n", comment, c_type,
                              symbol, count, values);
  bytes_ += count * element_bytes;
}

}  // namespace mcusim::codegen
