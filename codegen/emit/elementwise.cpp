// Layers that map or combine elements: ADD and MUL, softmax, functions of one operand, changes of type.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codegen/emit/c_text.h"
#include "codegen/emit/fixed_point.h"
#include "codegen/emit/layer_writer.h"
#include "codegen/emit/strides.h"

namespace mcusim::codegen {
namespace {

/// Strides of an operand within the result's dimensions; 0 where it is repeated.
Shape broadcast_strides(const Shape& operand, const Shape& result) {
  Shape strides(result.size(), 0);
  std::int64_t stride = 1;
  for (std::size_t i = 0; i < operand.size(); ++i) {
    const std::int64_t size = operand[operand.size() - 1 - i];
    if (size != 1) strides[result.size() - 1 - i] = stride;
    stride *= size;
  }
  return strides;
}

void declare_broadcast(LayerWriter& layer) {
  const Shape& result = layer.output().shape;
  const StridedLoops loops = merge_loops(result, {broadcast_strides(layer.input(0).shape, result),
                                                  broadcast_strides(layer.input(1).shape, result)});
  if (loops.size.size() > kLoops)
    layer.unsupported("more than five dimensions broadcast; reshape the operands");
  layer.declare_struct("mcusim_broadcast", "broadcast",
                       {{"size", c_braces(outermost_padded(loops.size, kLoops, 1))},
                        {"stride_a", c_braces(outermost_padded(loops.strides[0], kLoops, 0))},
                        {"stride_b", c_braces(outermost_padded(loops.strides[1], kLoops, 0))}});
}

void declare_add(LayerWriter& layer, const ClampRange& range) {
  const Quantization& a = layer.quantization(layer.input(0));
  const Quantization& b = layer.quantization(layer.input(1));
  const Quantization& out = layer.quantization(layer.output());
  // Both operands are brought to twice the larger scale, so that their sum cannot overflow.
  const double common = 2 * static_cast<double>(std::max(a.scales[0], b.scales[0]));
  const FixedPoint factor_a = fixed_point(static_cast<double>(a.scales[0]) / common);
  const FixedPoint factor_b = fixed_point(static_cast<double>(b.scales[0]) / common);
  const FixedPoint factor_out = fixed_point(common / ((1 << 20) * static_cast<double>(out.scales[0])));
  layer.declare_struct("mcusim_add_requantization", "requantization",
                       {{"offset_a", c_int(-a.zero_points[0])},
                        {"offset_b", c_int(-b.zero_points[0])},
                        {"output_offset", c_int(out.zero_points[0])},
                        {"multiplier_a", c_int(factor_a.multiplier)},
                        {"multiplier_b", c_int(factor_b.multiplier)},
                        {"output_multiplier", c_int(factor_out.multiplier)},
                        {"shift_a", c_int(factor_a.shift)},
                        {"shift_b", c_int(factor_b.shift)},
                        {"output_shift", c_int(factor_out.shift)},
                        {"min", c_int(range.min)},
                        {"max", c_int(range.max)}});
}

void declare_mul(LayerWriter& layer, const ClampRange& range) {
  const Quantization& a = layer.quantization(layer.input(0));
  const Quantization& b = layer.quantization(layer.input(1));
  const Quantization& out = layer.quantization(layer.output());
  const FixedPoint factor = fixed_point(a.scales[0] * b.scales[0] / out.scales[0]);
  layer.declare_struct("mcusim_mul_requantization", "requantization",
                       {{"offset_a", c_int(-a.zero_points[0])},
                        {"offset_b", c_int(-b.zero_points[0])},
                        {"output_offset", c_int(out.zero_points[0])},
                        {"multiplier", c_int(factor.multiplier)},
                        {"shift", c_int(factor.shift)},
                        {"min", c_int(range.min)},
                        {"max", c_int(range.max)}});
}

/// An 8-bit zero point as int8 has it.
std::int64_t signed_zero_point(const Tensor& tensor, const Quantization& quantization) {
  return quantization.zero_points[0] - (tensor.type == DataType::uint8 ? 128 : 0);
}

}  // namespace

void write_layer(LayerWriter& layer, const Binary& binary) {
  declare_broadcast(layer);
  const bool add = binary.kind == Binary::Kind::add;
  const std::string kernel = add ? "mcusim_add" : "mcusim_mul";
  const std::vector<std::string> operands = {layer.input_pointer(0), layer.input_pointer(1),
                                             layer.output_pointer()};
  if (layer.output().type == DataType::int8) {
    const ClampRange range = clamp_range(binary.activation, layer.quantization(layer.output()));
    add ? declare_add(layer, range) : declare_mul(layer, range);
    layer.call(kernel + "_s8", {"&broadcast", "&requantization", operands[0], operands[1], operands[2]});
  } else {
    declare_range(layer, binary.activation);
    layer.call(kernel + "_f32", {"&broadcast", "range", operands[0], operands[1], operands[2]});
  }
}

void write_layer(LayerWriter& layer, const Softmax& softmax) {
  const std::int64_t depth = layer.input(0).shape.back();
  const std::string rows = c_int(layer.input(0).elements() / depth);
  if (layer.output().type != DataType::int8) {
    layer.call("mcusim_softmax_f32",
               {rows, c_int(depth), c_float(softmax.beta), layer.input_pointer(0), layer.output_pointer()});
    return;
  }
  // The sum of the exponentials has 12 integer bits.
  if (depth >= 1 << 12) layer.unsupported("more than 4095 int8 classes are not supported; use float32");
  constexpr int kIntegerBits = 5;
  constexpr int kFractionalBits = 31 - kIntegerBits;
  const double scale =
      static_cast<double>(softmax.beta) * static_cast<double>(layer.quantization(layer.input(0)).scales[0]);
  const FixedPoint factor = fixed_point(std::min(scale * (1 << kFractionalBits), 2147483647.0));
  // Differences beyond 2^5 - 1 leave the fixed-point range; no difference of int8 is beyond 255.
  const double largest = std::floor(std::ldexp((1 << kIntegerBits) - 1, kFractionalBits - factor.shift));
  layer.declare_struct(
      "mcusim_softmax_s8_params", "params",
      {{"rows", rows},
       {"depth", c_int(depth)},
       {"multiplier", c_int(factor.multiplier)},
       {"shift", c_int(factor.shift)},
       {"smallest_difference", c_int(-static_cast<std::int64_t>(std::min(largest, 255.0)))}});
  layer.call("mcusim_softmax_s8", {"&params", layer.input_pointer(0), layer.output_pointer()});
}

void write_layer(LayerWriter& layer, const Unary& unary) {
  const std::vector<std::string> operands = {c_int(layer.output().elements()), layer.input_pointer(0),
                                             layer.output_pointer()};
  if (layer.output().type == DataType::int8) {
    const LookupTable table =
        lookup_table(unary.kind, layer.quantization(layer.input(0)), layer.quantization(layer.output()));
    layer.call("mcusim_lookup_s8", {layer.constant("table", "Result for each input from -128", table),
                                    operands[0], operands[1], operands[2]});
    return;
  }
  switch (unary.kind) {
    case Unary::Kind::relu:
    case Unary::Kind::relu6:
      declare_range(layer, unary.kind == Unary::Kind::relu ? Activation::relu : Activation::relu6);
      return layer.call("mcusim_clamp_f32", {"range", operands[0], operands[1], operands[2]});
    case Unary::Kind::logistic:
      return layer.call("mcusim_logistic_f32", operands);
    case Unary::Kind::tanh:
      return layer.call("mcusim_tanh_f32", operands);
  }
}

void write_layer(LayerWriter& layer, const Quantize&) {
  const Tensor& from = layer.input(0);
  const Tensor& to = layer.output();
  const Quantization& out = layer.quantization(to);
  const std::string count = c_int(to.elements());
  if (from.type == DataType::float32) {
    layer.call("mcusim_quantize_f32_s8", {c_float(out.scales[0]), c_int(out.zero_points[0]), count,
                                          layer.input_pointer(0), layer.output_pointer()});
    return;
  }
  const Quantization& in = layer.quantization(from);
  const FixedPoint factor =
      fixed_point(static_cast<double>(in.scales[0]) / static_cast<double>(out.scales[0]));
  layer.declare_struct("mcusim_requantize_params", "params",
                       {{"input_zero_point", c_int(signed_zero_point(from, in))},
                        {"output_zero_point", c_int(signed_zero_point(to, out))},
                        {"multiplier", c_int(factor.multiplier)},
                        {"shift", c_int(factor.shift)},
                        {"input_flip", from.type == DataType::uint8 ? "0x80" : "0"},
                        {"output_flip", to.type == DataType::uint8 ? "0x80" : "0"}});
  layer.call("mcusim_requantize_x8", {"&params", count, layer.input_pointer(0), layer.output_pointer()});
}

void write_layer(LayerWriter& layer, const Dequantize&) {
  const Quantization& in = layer.quantization(layer.input(0));
  layer.call("mcusim_dequantize_s8_f32",
             {c_float(in.scales[0]), c_int(in.zero_points[0]), c_int(layer.output().elements()),
              layer.input_pointer(0), layer.output_pointer()});
}

}  // namespace mcusim::codegen
