// Layers that move elements or reduce dimensions: PAD, RESHAPE, CONCATENATION, TRANSPOSE, RESIZE, MEAN.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "codegen/emit/c_text.h"
#include "codegen/emit/fixed_point.h"
#include "codegen/emit/layer_writer.h"
#include "codegen/emit/strides.h"

namespace mcusim::codegen {
namespace {

std::int64_t element_bytes(const Tensor& tensor) { return static_cast<std::int64_t>(size_of(tensor.type)); }

/// The input's row or column that each of the output's shows, computed in float as TensorFlow Lite does.
std::vector<std::uint16_t> nearest(std::int64_t input, std::int64_t output,
                                   const ResizeNearestNeighbor& resize) {
  const float scale = resize.align_corners && output > 1
                          ? static_cast<float>(input - 1) / static_cast<float>(output - 1)
                          : static_cast<float>(input) / static_cast<float>(output);
  const float offset = resize.half_pixel_centers ? 0.5f : 0.0f;
  std::vector<std::uint16_t> sources;
  for (std::int64_t i = 0; i < output; ++i) {
    const float position = (static_cast<float>(i) + offset) * scale;
    const auto source =
        static_cast<std::int64_t>(resize.align_corners ? std::round(position) : std::floor(position));
    sources.push_back(static_cast<std::uint16_t>(std::clamp<std::int64_t>(source, 0, input - 1)));
  }
  return sources;
}

/// The mean's factor with the division by the count of elements in it, the way TensorFlow Lite folds it.
FixedPoint mean_factor(const Quantization& in, const Quantization& out, std::int64_t count) {
  FixedPoint factor = fixed_point(static_cast<double>(in.scales[0]) / static_cast<double>(out.scales[0]));
  const int log2 = std::bit_width(static_cast<std::uint64_t>(count)) - 1;
  const int shift = std::min({log2, 32, 31 + factor.shift});
  factor.multiplier =
      static_cast<std::int32_t>((static_cast<std::int64_t>(factor.multiplier) << shift) / count);
  factor.shift -= shift;
  return factor;
}

}  // namespace

void write_layer(LayerWriter& layer, const Reshape&) {
  layer.call("memcpy", {layer.output_pointer(), layer.input_pointer(0),
                        c_int(static_cast<std::int64_t>(layer.output().bytes()))});
}

void write_layer(LayerWriter& layer, const Pad& pad) {
  // In bytes from the innermost dimension outwards; dimensions without padding join the next outer one.
  Shape size, before, after;
  std::int64_t unit = element_bytes(layer.output());
  const Shape& in = layer.input(0).shape;
  for (std::size_t i = in.size(); i-- > 0;) {
    if (pad.before[i] == 0 && pad.after[i] == 0 && i > 0) {
      unit *= in[i];
      continue;
    }
    // Only the innermost loop counts bytes; the kernel knows the bytes behind a step of the others.
    if (size.empty()) {
      size.push_back(in[i] * unit);
      before.push_back(pad.before[i] * unit);
      after.push_back(pad.after[i] * unit);
    } else {
      if (unit != 1) {
        size.push_back(unit);
        before.push_back(0);
        after.push_back(0);
      }
      size.push_back(in[i]);
      before.push_back(pad.before[i]);
      after.push_back(pad.after[i]);
    }
    unit = 1;
  }
  if (in.empty()) {
    size.push_back(unit);
    before.push_back(0);
    after.push_back(0);
  }
  for (Shape* list : {&size, &before, &after}) std::reverse(list->begin(), list->end());
  if (size.size() > kLoops) layer.unsupported("more than five dimensions; reshape the operand");
  const bool quantized = layer.output().type == DataType::int8;
  const std::int64_t zero = quantized ? layer.quantization(layer.output()).zero_points[0] : 0;
  layer.declare_struct("mcusim_pad_params", "params",
                       {{"size", c_braces(outermost_padded(size, kLoops, 1))},
                        {"before", c_braces(outermost_padded(before, kLoops, 0))},
                        {"after", c_braces(outermost_padded(after, kLoops, 0))},
                        {"value", c_int(static_cast<std::uint8_t>(zero))}});
  layer.call("mcusim_pad_bytes", {"&params", layer.input_pointer(0), layer.output_pointer()});
}

void write_layer(LayerWriter& layer, const Concatenation& concatenation) {
  if (concatenation.activation != Activation::none) {
    layer.unsupported("a fused activation is not supported; put the activation behind it");
  }
  const Shape& out = layer.output().shape;
  const auto axis = out.begin() + concatenation.axis;
  const std::int64_t rows = element_count({out.begin(), axis});
  const std::int64_t bytes = element_bytes(layer.output());
  const std::int64_t stride = element_count({axis, out.end()}) * bytes;
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < layer.input_count(); ++i) {
    const std::int64_t run = layer.input(i).elements() / rows * bytes;
    layer.call("mcusim_concatenate_bytes", {c_int(rows), c_int(run), c_int(stride), layer.input_pointer(i),
                                            layer.output_pointer(offset)});
    offset += run;
  }
}

void write_layer(LayerWriter& layer, const Transpose& transpose) {
  const Shape strides = row_major_strides(layer.input(0).shape);
  Shape permuted;
  for (const std::int32_t axis : transpose.permutation)
    permuted.push_back(strides[static_cast<std::size_t>(axis)]);
  const StridedLoops loops = merge_loops(layer.output().shape, {permuted});
  if (loops.size.size() > kLoops) layer.unsupported("more than five dimensions; reshape the operand");
  layer.declare_struct("mcusim_transpose_params", "params",
                       {{"size", c_braces(outermost_padded(loops.size, kLoops, 1))},
                        {"stride", c_braces(outermost_padded(loops.strides[0], kLoops, 0))}});
  layer.call(element_bytes(layer.output()) == 1 ? "mcusim_transpose_x8" : "mcusim_transpose_f32",
             {"&params", layer.input_pointer(0), layer.output_pointer()});
}

void write_layer(LayerWriter& layer, const ResizeNearestNeighbor& resize) {
  const Shape& in = layer.input(0).shape;
  const Shape& out = layer.output().shape;
  if (std::max(in[1], in[2]) > 65535)
    layer.unsupported("more than 65535 rows or columns; use a smaller image");
  layer.declare_struct(
      "mcusim_resize_params", "params",
      {{"batches", c_int(in[0])},
       {"input_h", c_int(in[1])},
       {"input_w", c_int(in[2])},
       {"output_h", c_int(out[1])},
       {"output_w", c_int(out[2])},
       {"pixel_bytes", c_int(in[3] * element_bytes(layer.output()))},
       {"rows", layer.constant("rows", "Input row of each output row", nearest(in[1], out[1], resize))},
       {"columns",
        layer.constant("columns", "Input column of each output column", nearest(in[2], out[2], resize))}});
  layer.call("mcusim_resize_nearest_bytes", {"&params", layer.input_pointer(0), layer.output_pointer()});
}

void write_layer(LayerWriter& layer, const Mean& mean) {
  // Kept and reduced dimensions, each merged on its own.
  const Shape& in = layer.input(0).shape;
  const Shape strides = row_major_strides(in);
  Shape kept, kept_strides, reduced, reduced_strides;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const bool is_reduced = std::count(mean.axes.begin(), mean.axes.end(), static_cast<std::int32_t>(i)) > 0;
    (is_reduced ? reduced : kept).push_back(in[i]);
    (is_reduced ? reduced_strides : kept_strides).push_back(strides[i]);
  }
  constexpr std::size_t kMeanLoops = 3;
  const StridedLoops outer = merge_loops(kept, {kept_strides});
  const StridedLoops inner = merge_loops(reduced, {reduced_strides});
  if (std::max(outer.size.size(), inner.size.size()) > kMeanLoops) {
    layer.unsupported("more than six dimensions; reshape the operand");
  }
  layer.declare_struct("mcusim_mean_shape", "shape",
                       {{"kept", c_braces(outermost_padded(outer.size, kMeanLoops, 1))},
                        {"kept_stride", c_braces(outermost_padded(outer.strides[0], kMeanLoops, 0))},
                        {"reduced", c_braces(outermost_padded(inner.size, kMeanLoops, 1))},
                        {"reduced_stride", c_braces(outermost_padded(inner.strides[0], kMeanLoops, 0))}});
  if (layer.output().type != DataType::int8) {
    layer.call("mcusim_mean_f32", {"&shape", layer.input_pointer(0), layer.output_pointer()});
    return;
  }
  const Quantization& from = layer.quantization(layer.input(0));
  const Quantization& to = layer.quantization(layer.output());
  const FixedPoint factor = mean_factor(from, to, element_count(reduced));
  layer.declare_struct("mcusim_mean_requantization", "requantization",
                       {{"input_zero_point", c_int(from.zero_points[0])},
                        {"output_zero_point", c_int(to.zero_points[0])},
                        {"multiplier", c_int(factor.multiplier)},
                        {"shift", c_int(factor.shift)}});
  layer.call("mcusim_mean_s8", {"&shape", "&requantization", layer.input_pointer(0), layer.output_pointer()});
}

}  // namespace mcusim::codegen
