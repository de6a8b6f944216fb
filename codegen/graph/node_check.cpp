#include "codegen/graph/node_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "codegen/graph/check.h"
#include "common/error.h"

namespace mcusim::codegen {
namespace {

// QuantizeMultiplier() of TensorFlow Lite keeps 31 bits of mantissa and a shift; above this factor a
// difference of one already saturates int8, so that no working network has it.
constexpr double kLargestRescaling = 65536;
constexpr std::size_t kLongestName = 120;

}  // namespace

std::string to_text(const Shape& shape) {
  return shape.empty() ? "scalar" : fmt::format("{}", fmt::join(shape, "x"));
}

void NodeCheck::fail(std::string_view fault_and_remedy) const {
  throw InputError(fmt::format("{}: operator {} of tensor '{}': {}", file_, node_.op,
                               node_.name.substr(0, kLongestName), fault_and_remedy));
}

void NodeCheck::operand_count(std::size_t count) const {
  if (node_.inputs.size() != count) {
    fail(fmt::format("{} operands where {} are expected; convert the model again", node_.inputs.size(),
                     count));
  }
  require(count > 0 && node_.inputs[0] != kNoTensor, "its first operand is missing; convert the model again");
}

void NodeCheck::output_shape(const Shape& expected) const {
  if (output().shape != expected) {
    fail(fmt::format("its result has shape {} where its operands give {}; convert the model again",
                     to_text(output().shape), to_text(expected)));
  }
}

void NodeCheck::rank(const Tensor& tensor, std::size_t dimensions) const {
  if (tensor.shape.size() != dimensions) {
    fail(fmt::format("'{}' has shape {} where {} dimensions are supported; reshape it in the model",
                     tensor.name, to_text(tensor.shape), dimensions));
  }
}

void NodeCheck::one_arithmetic_type() const {
  const DataType type = output().type;
  if (type != DataType::float32 && type != DataType::int8) {
    fail(fmt::format("results of type {} are not supported; convert the model to int8 or float32",
                     name_of(type)));
  }
  for (std::size_t i = 0; i < input_count(); ++i) {
    require(has_input(i), "an operand is missing; convert the model again");
    if (input(i).type != type) {
      fail(fmt::format(
          "operand of type {} with a result of type {} is not supported; use one type, int8 or float32",
          name_of(input(i).type), name_of(type)));
    }
    if (type == DataType::int8) per_tensor_quantization(input(i));
  }
  if (type == DataType::int8) per_tensor_quantization(output());
}

void NodeCheck::no_rescaling() const {
  if (output().type != DataType::int8) return;
  for (std::size_t i = 0; i < input_count(); ++i) {
    const Quantization& from = *input(i).quantization;
    const Quantization& to = *output().quantization;
    if (from.scales != to.scales || from.zero_points != to.zero_points) {
      fail(fmt::format(
          "scale {} and zero point {} of '{}' differ from the result's {} and {}; quantise the model again",
          from.scales[0], from.zero_points[0], input(i).name, to.scales[0], to.zero_points[0]));
    }
  }
}

void NodeCheck::per_tensor_quantization(const Tensor& tensor) const {
  if (!tensor.quantization) {
    fail(fmt::format("'{}' is {} without scale and zero point; quantise the model again", tensor.name,
                     name_of(tensor.type)));
  }
  if (tensor.quantization->per_channel()) {
    fail(fmt::format("'{}' has one scale per channel, which only weights may have; quantise the model again",
                     tensor.name));
  }
  const std::int64_t zero_point = tensor.quantization->zero_points[0];
  const std::int64_t low = tensor.type == DataType::uint8 ? 0 : -128;
  if (zero_point < low || zero_point > low + 255) {
    fail(fmt::format("'{}' has the zero point {} outside {}; quantise the model again", tensor.name,
                     zero_point, name_of(tensor.type)));
  }
}

void NodeCheck::rescaling(double factor) const {
  if (!(factor < kLargestRescaling)) {
    fail(fmt::format("its scales ask for a factor of {}, above {}; quantise the model again", factor,
                     kLargestRescaling));
  }
}

void NodeCheck::fixed_output_quantization(float scale, std::int64_t zero_point) const {
  if (output().type != DataType::int8) return;
  const Quantization& q = *output().quantization;
  // TensorFlow Lite compares zero points exactly and scales within a thousandth.
  if (q.zero_points[0] != zero_point || std::abs(q.scales[0] - scale) > scale * 1e-3f) {
    fail(
        fmt::format("its int8 result has scale {} and zero point {} where the format prescribes {} and {}; "
                    "quantise the model again",
                    q.scales[0], q.zero_points[0], scale, zero_point));
  }
}

void NodeCheck::weights_and_bias(int axis, std::int64_t channels) const {
  const Tensor& activations = input(0);
  const Tensor& weights = input(1);
  if (!weights.is_constant()) {
    fail(fmt::format("its weights '{}' are computed at run time, which is not supported; make them constants",
                     weights.name));
  }
  if (activations.type == DataType::float32 && weights.type == DataType::int8) {
    fail(
        "float32 activations with int8 weights (dynamic-range quantisation) are not supported; "
        "convert with full int8 quantisation or none");
  }
  const bool quantized = activations.type == DataType::int8;
  if (weights.type != activations.type || output().type != activations.type ||
      (!quantized && activations.type != DataType::float32)) {
    fail(fmt::format("operands {} and {} with a result {} are not supported; use int8 throughout or float32",
                     name_of(activations.type), name_of(weights.type), name_of(output().type)));
  }
  if (has_input(2)) {
    const Tensor& bias = input(2);
    const DataType type = quantized ? DataType::int32 : DataType::float32;
    if (!bias.is_constant() || bias.type != type || bias.elements() != channels) {
      fail(fmt::format("its bias '{}' is not a constant of {} {} values; convert the model again", bias.name,
                       channels, name_of(type)));
    }
  }
  if (!quantized) return;
  per_tensor_quantization(activations);
  per_tensor_quantization(output());
  require(weights.quantization.has_value(), "its int8 weights have no scale; quantise the model again");
  const Quantization& q = *weights.quantization;
  if (q.per_channel() && (q.axis != axis || q.scales.size() != static_cast<std::size_t>(channels))) {
    fail(
        fmt::format("its weights have {} scales along dimension {} where {} along {} are supported; "
                    "quantise the model again",
                    q.scales.size(), q.axis, channels, axis));
  }
  for (std::size_t i = 0; i < q.scales.size(); ++i) {
    require(q.zero_points[i] == 0, "its weights have a zero point other than 0; quantise them symmetrically");
    rescaling(static_cast<double>(activations.quantization->scales[0]) * q.scales[i] /
              output().quantization->scales[0]);
  }
}

}  // namespace mcusim::codegen
