#include "codegen/emit/layer_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "codegen/emit/c_text.h"
#include "codegen/emit/c_type.h"
#include "common/error.h"

namespace mcusim::codegen {

bool LayerWriter::has_input(std::size_t index) const {
  return index < node_.inputs.size() && node_.inputs[index] != kNoTensor;
}

const Quantization& LayerWriter::quantization(const Tensor& tensor) const {
  if (!tensor.quantization || tensor.quantization->scales.empty() ||
      tensor.quantization->zero_points.empty()) {
    unsupported(fmt::format("tensor '{}' has no scale and zero point; quantise the model again",
                            note_text(tensor.name)));
  }
  return *tensor.quantization;
}

std::string LayerWriter::input_pointer(std::size_t index) const {
  if (!has_input(index)) return "NULL";
  if (input(index).is_constant()) return constants_.add_tensor(graph_, node_.inputs[index]);
  return arena_pointer(node_.inputs[index], 0, "const ");
}

std::string LayerWriter::output_pointer(std::int64_t byte_offset) const {
  return arena_pointer(node_.outputs[0], byte_offset, "");
}

std::string LayerWriter::arena_pointer(TensorId id, std::int64_t byte_offset,
                                       std::string_view qualifier) const {
  const std::int64_t offset = plan_.offsets[static_cast<std::size_t>(id)];
  if (offset == MemoryPlan::kNoOffset) {
    unsupported(fmt::format("tensor '{}' has no place in memory; convert the model again",
                            note_text(graph_.tensor(id).name)));
  }
  return fmt::format("({}{}*)({}_arena + {})", qualifier, c_type(graph_.tensor(id).type), prefix_,
                     offset + byte_offset);
}

void LayerWriter::declare_struct(std::string_view type, std::string_view name, const Fields& fields) {
  std::vector<std::string> items;
  for (const auto& [field, value] : fields) items.push_back(fmt::format(".{} = {}", field, value));
  body_ += fmt::format("  static const {} {} = {{\n{}}};\n", type, name, c_list(items, "      "));
}

void LayerWriter::call(std::string_view function, const std::vector<std::string>& arguments) {
  functions_.insert(std::string(function));
  body_ += fmt::format("  {}({});\n", function, fmt::join(arguments, ", "));
}

void LayerWriter::unsupported(std::string_view fault_and_remedy) const {
  throw InputError(fmt::format("{}: operator {} of tensor '{}': {}", note_text(graph_.name),
                               note_text(node_.op), note_text(node_.name), fault_and_remedy));
}

std::string c_braces(std::span<const std::int64_t> values) {
  std::vector<std::string> items;
  for (const std::int64_t value : values) items.push_back(c_int(value));
  return fmt::format("{{{}}}", fmt::join(items, ", "));
}

void declare_range(LayerWriter& layer, Activation activation) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  float min = -kInfinity;
  float max = kInfinity;
  if (activation == Activation::relu || activation == Activation::relu6) min = 0;
  if (activation == Activation::relu6) max = 6;
  if (activation == Activation::relu_n1_to_1) {
    min = -1;
    max = 1;
  }
  layer.declare_struct("mcusim_range_f32", "range", {{"min", c_float(min)}, {"max", c_float(max)}});
}

}  // namespace mcusim::codegen
