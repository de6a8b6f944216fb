// Layers that slide a window or multiply a matrix: convolutions, pools, FULLY_CONNECTED.

#include "codegen/import/tflite_operator.h"

namespace mcusim::codegen::tflite {
namespace {

Attributes pool(const OperatorReader& op, Pool2D::Kind kind) {
  const auto& options = op.options<Pool2DOptions>();
  Pool2D pool;
  pool.kind = kind;
  pool.filter_h = options.filter_height();
  pool.filter_w = options.filter_width();
  pool.stride_h = options.stride_h();
  pool.stride_w = options.stride_w();
  pool.padding =
      op.padding(options.padding(), op.shape4(0), pool.filter_h, pool.filter_w, pool.stride_h, pool.stride_w);
  pool.activation = op.activation(options.fused_activation_function());
  return pool;
}

}  // namespace

Attributes conv_2d(const OperatorReader& op) {
  const auto& options = op.options<Conv2DOptions>();
  const Shape& weights = op.shape4(1);
  Conv2D conv;
  conv.stride_h = options.stride_h();
  conv.stride_w = options.stride_w();
  conv.dilation_h = options.dilation_h_factor();
  conv.dilation_w = options.dilation_w_factor();
  conv.padding = op.padding(options.padding(), op.shape4(0), weights[1], weights[2], conv.stride_h,
                            conv.stride_w, conv.dilation_h, conv.dilation_w);
  conv.activation = op.activation(options.fused_activation_function());
  return conv;
}

Attributes depthwise_conv_2d(const OperatorReader& op) {
  const auto& options = op.options<DepthwiseConv2DOptions>();
  const Shape& input = op.shape4(0);
  const Shape& weights = op.shape4(1);
  DepthwiseConv2D conv;
  conv.stride_h = options.stride_h();
  conv.stride_w = options.stride_w();
  conv.dilation_h = options.dilation_h_factor();
  conv.dilation_w = options.dilation_w_factor();
  conv.padding = op.padding(options.padding(), input, weights[1], weights[2], conv.stride_h, conv.stride_w,
                            conv.dilation_h, conv.dilation_w);
  conv.activation = op.activation(options.fused_activation_function());
  // The weights decide, as in TensorFlow Lite; newer converters write 0 into the option.
  conv.multiplier = static_cast<std::int32_t>(weights[3] / input[3]);
  if (options.depth_multiplier() != 0 && options.depth_multiplier() != conv.multiplier) {
    op.fail(fmt::format("its depth multiplier {} does not fit its weights, which have {}; convert it again",
                        options.depth_multiplier(), conv.multiplier));
  }
  return conv;
}

Attributes fully_connected(const OperatorReader& op) {
  const auto& options = op.options<FullyConnectedOptions>();
  if (options.weights_format() != WeightsFormat::DEFAULT) {
    op.fail("shuffled weights are not supported; convert it again without them");
  }
  // keep_num_dims only shapes the result, which the file gives; an operand that contradicts it is refused
  // here, where the option is known.
  if (options.keep_num_dims()) {
    Shape expected = op.shape(0);
    if (expected.empty() || op.shape(1).empty()) op.fail("a scalar operand is not supported; reshape it");
    expected.back() = op.shape(1)[0];
    if (op.output_shape() != expected)
      op.fail("its result does not keep the operand's dimensions; convert it again");
  }
  return FullyConnected{op.activation(options.fused_activation_function())};
}

Attributes max_pool_2d(const OperatorReader& op) { return pool(op, Pool2D::Kind::max); }

Attributes average_pool_2d(const OperatorReader& op) { return pool(op, Pool2D::Kind::average); }

}  // namespace mcusim::codegen::tflite
