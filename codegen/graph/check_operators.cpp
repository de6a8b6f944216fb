#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "codegen/graph/check.h"
#include "codegen/graph/node_check.h"

// What TensorFlow Lite's own kernels demand of each operator (tensorflow/lite/kernels, release 2.19), as far
// as our kernels support it.

namespace mcusim::codegen {
namespace {

struct Window {
  std::int64_t filter_h, filter_w, stride_h, stride_w, dilation_h, dilation_w;
  Padding padding;
};

/// Positions of the window along one dimension.
std::int64_t positions(const NodeCheck& rule, std::int64_t size, std::int64_t filter, std::int64_t stride,
                       std::int64_t dilation, std::int64_t before, std::int64_t after) {
  for (const std::int64_t step : {filter, stride, dilation}) {
    if (step < 1 || step > kLargestStep) {
      rule.fail(fmt::format("filter, stride or dilation {} is not within 1..{}; change the layer", step,
                            kLargestStep));
    }
  }
  const std::int64_t extent = (filter - 1) * dilation + 1;
  // So that each window holds at least one row of the input: an average over none is undefined.
  rule.require(before >= 0 && after >= 0 && before < extent && after < extent,
               "padding as large as the filter is not supported; use a PAD operator");
  rule.require(size + before + after >= extent, "the filter is larger than its input; change the layer");
  return (size + before + after - extent) / stride + 1;
}

void check_window(const NodeCheck& rule, const Window& window, std::int64_t channels) {
  const Shape& in = rule.input(0).shape;
  const Padding& pad = window.padding;
  rule.output_shape(
      {in[0],
       positions(rule, in[1], window.filter_h, window.stride_h, window.dilation_h, pad.top, pad.bottom),
       positions(rule, in[2], window.filter_w, window.stride_w, window.dilation_w, pad.left, pad.right),
       channels});
}

void check_one(const NodeCheck& rule, const Conv2D& conv) {
  rule.operand_count(3);
  rule.require(rule.has_input(1), "its weights are missing; convert the model again");
  rule.rank(rule.input(0), 4);
  rule.rank(rule.input(1), 4);
  const Shape& weights = rule.input(1).shape;
  if (weights[3] != rule.input(0).shape[3]) {
    rule.fail(
        fmt::format("weights of shape {} on an input of shape {} (grouped convolution) are not supported; "
                    "use CONV_2D without groups or DEPTHWISE_CONV_2D",
                    to_text(weights), to_text(rule.input(0).shape)));
  }
  rule.weights_and_bias(0, weights[0]);
  check_window(
      rule,
      {weights[1], weights[2], conv.stride_h, conv.stride_w, conv.dilation_h, conv.dilation_w, conv.padding},
      weights[0]);
}

void check_one(const NodeCheck& rule, const DepthwiseConv2D& conv) {
  rule.operand_count(3);
  rule.require(rule.has_input(1), "its weights are missing; convert the model again");
  rule.rank(rule.input(0), 4);
  rule.rank(rule.input(1), 4);
  const Shape& weights = rule.input(1).shape;
  if (weights[0] != 1 || conv.multiplier < 1 || weights[3] != rule.input(0).shape[3] * conv.multiplier) {
    rule.fail(
        fmt::format("weights of shape {} do not fit an input of shape {} with multiplier {}; "
                    "convert the model again",
                    to_text(weights), to_text(rule.input(0).shape), conv.multiplier));
  }
  rule.weights_and_bias(3, weights[3]);
  check_window(
      rule,
      {weights[1], weights[2], conv.stride_h, conv.stride_w, conv.dilation_h, conv.dilation_w, conv.padding},
      weights[3]);
}

void check_one(const NodeCheck& rule, const FullyConnected&) {
  rule.operand_count(3);
  rule.require(rule.has_input(1), "its weights are missing; convert the model again");
  rule.rank(rule.input(1), 2);
  const Shape& weights = rule.input(1).shape;
  const Tensor& in = rule.input(0);
  const Tensor& out = rule.output();
  const std::int64_t batches = in.elements() / weights[1];
  if (in.elements() % weights[1] != 0 || out.shape.empty() || out.shape.back() != weights[0] ||
      out.elements() != batches * weights[0]) {
    rule.fail(fmt::format("weights of shape {} do not turn shape {} into {}; convert the model again",
                          to_text(weights), to_text(in.shape), to_text(out.shape)));
  }
  rule.weights_and_bias(0, weights[0]);
}

void check_one(const NodeCheck& rule, const Pool2D& pool) {
  rule.operand_count(1);
  rule.rank(rule.input(0), 4);
  rule.one_arithmetic_type();
  rule.no_rescaling();
  check_window(rule, {pool.filter_h, pool.filter_w, pool.stride_h, pool.stride_w, 1, 1, pool.padding},
               rule.input(0).shape[3]);
}

void check_one(const NodeCheck& rule, const Mean& mean) {
  rule.operand_count(1);
  rule.one_arithmetic_type();
  const Shape& in = rule.input(0).shape;
  Shape kept;
  auto axis = mean.axes.begin();
  for (std::size_t i = 0; i < in.size(); ++i) {
    const bool reduced = axis != mean.axes.end() && *axis == static_cast<std::int32_t>(i);
    if (reduced) ++axis;
    if (!reduced || mean.keep_dims) kept.push_back(reduced ? 1 : in[i]);
  }
  if (axis != mean.axes.end() || mean.axes.empty()) {
    rule.fail(fmt::format("its axes do not fit the shape {}; convert the model again", to_text(in)));
  }
  rule.output_shape(kept);
  if (rule.output().type == DataType::int8) {
    rule.rescaling(static_cast<double>(rule.input(0).quantization->scales[0]) /
                   rule.output().quantization->scales[0]);
  }
}

void check_one(const NodeCheck& rule, const Binary& binary) {
  rule.operand_count(2);
  rule.one_arithmetic_type();
  const Shape& a = rule.input(0).shape;
  const Shape& b = rule.input(1).shape;
  Shape broadcast(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 0; i < broadcast.size(); ++i) {  // From the last dimension forwards.
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) {
      rule.fail(
          fmt::format("shapes {} and {} do not broadcast; convert the model again", to_text(a), to_text(b)));
    }
    broadcast[broadcast.size() - 1 - i] = std::max(x, y);
  }
  rule.output_shape(broadcast);
  if (rule.output().type != DataType::int8) return;
  const double x = rule.input(0).quantization->scales[0];
  const double y = rule.input(1).quantization->scales[0];
  rule.rescaling((binary.kind == Binary::Kind::mul ? x * y : std::max(x, y)) /
                 rule.output().quantization->scales[0]);
}

void check_one(const NodeCheck& rule, const Pad& pad) {
  rule.operand_count(1);
  rule.one_arithmetic_type();
  rule.no_rescaling();
  Shape shape = rule.input(0).shape;
  rule.require(pad.before.size() == shape.size() && pad.after.size() == shape.size(),
               "its paddings do not name every dimension; convert the model again");
  for (std::size_t i = 0; i < shape.size(); ++i) {
    rule.require(pad.before[i] >= 0 && pad.after[i] >= 0,
                 "negative padding is not supported; slice in the model");
    shape[i] += static_cast<std::int64_t>(pad.before[i]) + pad.after[i];
  }
  rule.output_shape(shape);
}

void check_one(const NodeCheck& rule, const Reshape&) {
  rule.operand_count(1);
  rule.one_arithmetic_type();
  rule.no_rescaling();
  rule.require(!rule.input(0).is_constant(),
               "a constant operand is not supported; reshape it before conversion");
  if (rule.input(0).elements() != rule.output().elements()) {
    rule.fail(fmt::format("shape {} does not hold as many elements as {}; convert the model again",
                          to_text(rule.input(0).shape), to_text(rule.output().shape)));
  }
}

void check_one(const NodeCheck& rule, const Softmax& softmax) {
  rule.operand_count(1);
  rule.one_arithmetic_type();
  rule.require(!rule.input(0).shape.empty(), "a scalar operand is not supported; remove the operator");
  rule.output_shape(rule.input(0).shape);
  // Above this, the fixed-point form of beta times the input's scale overflows.
  rule.require(std::isfinite(softmax.beta) && softmax.beta > 0 && softmax.beta <= 1e4f,
               "beta is not within 0..10000; change the layer");
  rule.fixed_output_quantization(1.0f / 256, -128);
}

void check_one(const NodeCheck& rule, const Unary& unary) {
  rule.operand_count(1);
  rule.one_arithmetic_type();
  rule.output_shape(rule.input(0).shape);
  if (rule.output().type != DataType::int8) return;
  switch (unary.kind) {
    case Unary::Kind::logistic:
      return rule.fixed_output_quantization(1.0f / 256, -128);
    case Unary::Kind::tanh:
      return rule.fixed_output_quantization(1.0f / 128, 0);
    case Unary::Kind::relu:
    case Unary::Kind::relu6:
      return rule.rescaling(static_cast<double>(rule.input(0).quantization->scales[0]) /
                            rule.output().quantization->scales[0]);
  }
}

void check_one(const NodeCheck& rule, const Concatenation& concatenation) {
  rule.require(rule.input_count() > 0, "it has no operands; convert the model again");
  rule.one_arithmetic_type();
  rule.no_rescaling();
  rule.require(concatenation.activation == Activation::none,
               "a fused activation is not supported; put the activation behind it");
  Shape shape = rule.input(0).shape;
  const auto axis = static_cast<std::size_t>(concatenation.axis);
  rule.require(concatenation.axis >= 0 && axis < shape.size(),
               "its axis is none of its operands'; convert the model again");
  for (std::size_t i = 1; i < rule.input_count(); ++i) {
    const Shape& other = rule.input(i).shape;
    Shape expected = shape;
    if (other.size() == shape.size()) expected[axis] = other[axis];
    if (other != expected) {
      rule.fail(fmt::format("operand '{}' of shape {} does not fit the others; convert the model again",
                            rule.input(i).name, to_text(other)));
    }
    shape[axis] += other[axis];
  }
  rule.output_shape(shape);
}

void check_one(const NodeCheck& rule, const Transpose& transpose) {
  rule.operand_count(1);
  rule.one_arithmetic_type();
  rule.no_rescaling();
  const Shape& in = rule.input(0).shape;
  std::vector<std::int32_t> all(in.size());
  std::iota(all.begin(), all.end(), 0);
  rule.require(
      std::is_permutation(all.begin(), all.end(), transpose.permutation.begin(), transpose.permutation.end()),
      "its permutation does not name every dimension once; convert the model again");
  Shape shape;
  for (const std::int32_t axis : transpose.permutation) shape.push_back(in[static_cast<std::size_t>(axis)]);
  rule.output_shape(shape);
}

void check_one(const NodeCheck& rule, const ResizeNearestNeighbor& resize) {
  rule.operand_count(1);
  rule.one_arithmetic_type();
  rule.no_rescaling();
  rule.rank(rule.input(0), 4);
  rule.rank(rule.output(), 4);
  rule.output_shape(
      {rule.input(0).shape[0], rule.output().shape[1], rule.output().shape[2], rule.input(0).shape[3]});
  rule.require(!(resize.align_corners && resize.half_pixel_centers),
               "aligned corners with half-pixel centres are not supported; use one of them");
}

void check_one(const NodeCheck& rule, const Quantize&) {
  rule.operand_count(1);
  const DataType from = rule.input(0).type;
  const DataType to = rule.output().type;
  const bool to_int8 = to == DataType::int8 &&
                       (from == DataType::float32 || from == DataType::int8 || from == DataType::uint8);
  if (!to_int8 && !(to == DataType::uint8 && from == DataType::int8)) {
    rule.fail(
        fmt::format("from {} to {} is not supported; supported are float32, int8 and uint8 to int8, and int8 "
                    "to uint8",
                    name_of(from), name_of(to)));
  }
  rule.output_shape(rule.input(0).shape);
  rule.per_tensor_quantization(rule.output());
  if (from == DataType::float32) return;
  rule.per_tensor_quantization(rule.input(0));
  rule.rescaling(static_cast<double>(rule.input(0).quantization->scales[0]) /
                 rule.output().quantization->scales[0]);
}

void check_one(const NodeCheck& rule, const Dequantize&) {
  rule.operand_count(1);
  if (rule.input(0).type != DataType::int8 || rule.output().type != DataType::float32) {
    rule.fail(fmt::format("from {} to {} is not supported; supported is int8 to float32",
                          name_of(rule.input(0).type), name_of(rule.output().type)));
  }
  rule.output_shape(rule.input(0).shape);
  rule.per_tensor_quantization(rule.input(0));
}

}  // namespace

void check_operator(const Graph& graph, const Node& node, std::string_view file) {
  const NodeCheck rule(graph, node, file);
  std::visit([&rule](const auto& attributes) { check_one(rule, attributes); }, node.attributes);
}

}  // namespace mcusim::codegen
