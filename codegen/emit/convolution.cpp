// Layers that multiply by weights or slide a window: convolutions, fully connected, pools.
#include <fmt/format.h>

#include "codegen/emit/c_text.h"
#include "codegen/emit/fixed_point.h"
#include "codegen/emit/layer_writer.h"

namespace mcusim::codegen {
namespace {

struct Step {
  std::int64_t h = 1, w = 1;
};

void declare_window(LayerWriter& layer, Step filter, Step stride, Step dilation, const Padding& padding) {
  const Shape& in = layer.input(0).shape;
  const Shape& out = layer.output().shape;
  layer.declare_struct("mcusim_window", "window",
                       {{"batches", c_int(in[0])},
                        {"input_h", c_int(in[1])},
                        {"input_w", c_int(in[2])},
                        {"input_c", c_int(in[3])},
                        {"output_h", c_int(out[1])},
                        {"output_w", c_int(out[2])},
                        {"output_c", c_int(out[3])},
                        {"filter_h", c_int(filter.h)},
                        {"filter_w", c_int(filter.w)},
                        {"stride_h", c_int(stride.h)},
                        {"stride_w", c_int(stride.w)},
                        {"dilation_h", c_int(dilation.h)},
                        {"dilation_w", c_int(dilation.w)},
                        {"pad_top", c_int(padding.top)},
                        {"pad_left", c_int(padding.left)}});
}

/// TensorFlow Lite multiplies the scales in float where a dense layer has one scale, else in double.
enum class ScaleProduct { in_double, in_float_if_single };

void declare_requantization(LayerWriter& layer, Activation activation, ScaleProduct product) {
  const Quantization& in = layer.quantization(layer.input(0));
  const Quantization& weights = layer.quantization(layer.input(1));
  const Quantization& out = layer.quantization(layer.output());
  const bool single = !weights.per_channel();
  std::vector<std::int32_t> multipliers;
  std::vector<std::int8_t> shifts;
  for (const float scale : weights.scales) {
    const double scales = single && product == ScaleProduct::in_float_if_single
                              ? static_cast<double>(in.scales[0] * scale)
                              : static_cast<double>(in.scales[0]) * static_cast<double>(scale);
    const FixedPoint factor = fixed_point(scales / static_cast<double>(out.scales[0]));
    multipliers.push_back(factor.multiplier);
    shifts.push_back(static_cast<std::int8_t>(factor.shift));
  }
  const ClampRange range = clamp_range(activation, out);
  layer.declare_struct(
      "mcusim_requantization", "requantization",
      {{"input_offset", c_int(-in.zero_points[0])},
       {"output_offset", c_int(out.zero_points[0])},
       {"min", c_int(range.min)},
       {"max", c_int(range.max)},
       {"per_channel", single ? "0" : "1"},
       {"multipliers", layer.constant("multipliers",
                                      "Input scale * weight scale / output scale, "
                                      "times 2^(31 - shift)",
                                      multipliers)},
       {"shifts", layer.constant("shifts", "Of the multipliers; positive: to the left", shifts)}});
}

/// Weights, bias and what turns sums into outputs: the same for all layers with weights.
void write_weighted(LayerWriter& layer, std::string_view kernel, std::string_view geometry,
                    Activation activation, ScaleProduct product) {
  const std::string in = layer.input_pointer(0);
  const std::string weights = layer.input_pointer(1);
  const std::string bias = layer.input_pointer(2);
  const std::string shape = fmt::format("&{}", geometry);
  if (layer.output().type == DataType::int8) {
    declare_requantization(layer, activation, product);
    layer.call(fmt::format("{}_s8", kernel),
               {shape, "&requantization", in, weights, bias, layer.output_pointer()});
  } else {
    declare_range(layer, activation);
    layer.call(fmt::format("{}_f32", kernel), {shape, "range", in, weights, bias, layer.output_pointer()});
  }
}

}  // namespace

void write_layer(LayerWriter& layer, const Conv2D& conv) {
  const Shape& weights = layer.input(1).shape;
  declare_window(layer, {weights[1], weights[2]}, {conv.stride_h, conv.stride_w},
                 {conv.dilation_h, conv.dilation_w}, conv.padding);
  write_weighted(layer, "mcusim_conv2d", "window", conv.activation, ScaleProduct::in_double);
}

void write_layer(LayerWriter& layer, const DepthwiseConv2D& conv) {
  const Shape& weights = layer.input(1).shape;
  declare_window(layer, {weights[1], weights[2]}, {conv.stride_h, conv.stride_w},
                 {conv.dilation_h, conv.dilation_w}, conv.padding);
  write_weighted(layer, "mcusim_depthwise_conv2d", "window", conv.activation, ScaleProduct::in_double);
}

void write_layer(LayerWriter& layer, const FullyConnected& dense) {
  const Shape& weights = layer.input(1).shape;
  layer.declare_struct("mcusim_fully_connected_shape", "shape",
                       {{"batches", c_int(layer.input(0).elements() / weights[1])},
                        {"inputs", c_int(weights[1])},
                        {"outputs", c_int(weights[0])}});
  write_weighted(layer, "mcusim_fully_connected", "shape", dense.activation,
                 ScaleProduct::in_float_if_single);
}

void write_layer(LayerWriter& layer, const Pool2D& pool) {
  declare_window(layer, {pool.filter_h, pool.filter_w}, {pool.stride_h, pool.stride_w}, {}, pool.padding);
  const std::string kernel = pool.kind == Pool2D::Kind::max ? "mcusim_max_pool" : "mcusim_average_pool";
  if (layer.output().type == DataType::int8) {
    const ClampRange range = clamp_range(pool.activation, layer.quantization(layer.output()));
    layer.call(kernel + "_s8", {"&window", c_int(range.min), c_int(range.max), layer.input_pointer(0),
                                layer.output_pointer()});
  } else {
    declare_range(layer, pool.activation);
    layer.call(kernel + "_f32", {"&window", "range", layer.input_pointer(0), layer.output_pointer()});
  }
}

}  // namespace mcusim::codegen
