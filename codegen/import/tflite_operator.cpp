#include "codegen/import/tflite_operator.h"

#include <limits>

#include "codegen/graph/check.h"
#include "codegen/graph/node_check.h"
#include "codegen/import/padding.h"

namespace mcusim::codegen::tflite {

const Shape& OperatorReader::shape(std::size_t index) const {
  if (index >= node_.inputs.size() || node_.inputs[index] == kNoTensor) {
    fail(fmt::format("operand {} is missing; convert it again", index));
  }
  return graph_.tensor(node_.inputs[index]).shape;
}

const Shape& OperatorReader::shape4(std::size_t index) const {
  const Shape& shape = this->shape(index);
  bool positive = shape.size() == 4;
  for (const std::int64_t dimension : shape) positive = positive && dimension > 0;
  if (!positive) {
    fail(fmt::format(
        "operand {} has shape {} where four positive dimensions are supported; reshape it in the model",
        index, to_text(shape)));
  }
  return shape;
}

std::vector<std::int64_t> OperatorReader::integers(std::size_t index, std::string_view what) const {
  if (!has_operand(index)) fail(fmt::format("its {} are missing; convert it again", what));
  return tensors_.integers(op_.inputs()->Get(static_cast<unsigned>(index)), what);
}

Activation OperatorReader::activation(ActivationFunctionType type) const {
  switch (type) {
    case ActivationFunctionType::NONE:
      return Activation::none;
    case ActivationFunctionType::RELU:
      return Activation::relu;
    case ActivationFunctionType::RELU6:
      return Activation::relu6;
    case ActivationFunctionType::RELU_N1_TO_1:
      return Activation::relu_n1_to_1;
    default:
      fail(fmt::format("fused activation {} is not supported; supported are RELU, RELU6 and RELU_N1_TO_1",
                       EnumNameActivationFunctionType(type)));
  }
}

codegen::Padding OperatorReader::padding(Padding kind, const Shape& input, std::int64_t filter_h,
                                         std::int64_t filter_w, std::int32_t stride_h, std::int32_t stride_w,
                                         std::int32_t dilation_h, std::int32_t dilation_w) const {
  for (const std::int64_t step : {filter_h, filter_w, std::int64_t{stride_h}, std::int64_t{stride_w},
                                  std::int64_t{dilation_h}, std::int64_t{dilation_w}}) {
    if (step < 1 || step > kLargestStep) {
      fail(fmt::format("filter, stride or dilation {} is not within 1..{}; change the layer", step,
                       kLargestStep));
    }
  }
  if (kind == Padding::VALID) return {};
  if (kind != Padding::SAME) fail("its padding is neither SAME nor VALID; convert it again");
  const Margin rows = same_margin(input[1], static_cast<std::int32_t>(filter_h), stride_h, dilation_h);
  const Margin columns = same_margin(input[2], static_cast<std::int32_t>(filter_w), stride_w, dilation_w);
  return {rows.before, rows.after, columns.before, columns.after};
}

std::int32_t OperatorReader::axis(std::int64_t axis, std::size_t rank) const {
  const auto dimensions = static_cast<std::int64_t>(rank);
  if (axis < -dimensions || axis >= dimensions) {
    fail(fmt::format("axis {} is not within its {} dimensions; convert it again", axis, rank));
  }
  return static_cast<std::int32_t>(axis < 0 ? axis + dimensions : axis);
}

std::int32_t OperatorReader::narrow(std::int64_t value, std::string_view what) const {
  if (value < std::numeric_limits<std::int32_t>::min() || value > std::numeric_limits<std::int32_t>::max()) {
    fail(fmt::format("{} {} is too large; convert it again", what, value));
  }
  return static_cast<std::int32_t>(value);
}

void OperatorReader::fail(std::string_view fault_and_remedy) const {
  file_.fail(fmt::format("operator {} of tensor '{}': {}", node_.op, node_.name, fault_and_remedy));
}

}  // namespace mcusim::codegen::tflite
