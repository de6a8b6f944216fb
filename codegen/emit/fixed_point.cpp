#include "codegen/emit/fixed_point.h"

#include <algorithm>
#include <cmath>

#include "codegen/kernels/mcusim_fixed_point.h"

namespace mcusim::codegen {
namespace {

/// zero_point + round(real / scale), where that leaves int8's neighbourhood only as far as a clamp needs.
std::int32_t quantized(float real, const Quantization& quantization) {
  const float steps = std::clamp(std::round(real / quantization.scales[0]), -1024.0f, 1024.0f);
  return static_cast<std::int32_t>(quantization.zero_points[0]) + static_cast<std::int32_t>(steps);
}

/// float results of functions that the host's library may round differently in float: computed in double.
float logistic(float x) { return 1.0f / (1.0f + static_cast<float>(std::exp(static_cast<double>(-x)))); }
float hyperbolic_tangent(float x) { return static_cast<float>(std::tanh(static_cast<double>(x))); }

LookupTable table_of(float (*function)(float), const Quantization& input, const Quantization& output) {
  LookupTable table{};
  const float inverse_scale = 1.0f / output.scales[0];
  for (int i = -128; i < 128; ++i) {
    const float x = input.scales[0] * static_cast<float>(i - input.zero_points[0]);
    const float steps = std::round(function(x) * inverse_scale);
    const auto result = static_cast<std::int32_t>(steps + static_cast<float>(output.zero_points[0]));
    table[static_cast<std::size_t>(i + 128)] = static_cast<std::int8_t>(std::clamp(result, -128, 127));
  }
  return table;
}

LookupTable clamp_table(Activation activation, const Quantization& input, const Quantization& output) {
  LookupTable table{};
  const FixedPoint factor = fixed_point(input.scales[0] / output.scales[0]);
  const ClampRange range = clamp_range(activation, output);
  for (int i = -128; i < 128; ++i) {
    const std::int32_t scaled = rescale(i - static_cast<std::int32_t>(input.zero_points[0]), factor);
    const std::int32_t result = scaled + static_cast<std::int32_t>(output.zero_points[0]);
    table[static_cast<std::size_t>(i + 128)] =
        static_cast<std::int8_t>(std::min(std::max(result, range.min), range.max));
  }
  return table;
}

}  // namespace

FixedPoint fixed_point(double factor) {
  if (factor == 0) return {};
  int shift = 0;
  auto multiplier = static_cast<std::int64_t>(std::round(std::frexp(factor, &shift) * 2147483648.0));
  if (multiplier == std::int64_t{1} << 31) {
    multiplier /= 2;
    ++shift;
  }
  if (shift < -31) return {};
  return {static_cast<std::int32_t>(multiplier), shift};
}

std::int32_t rescale(std::int32_t x, FixedPoint factor) {
  return mcusim_scale(x, factor.multiplier, factor.shift);
}

ClampRange clamp_range(Activation activation, const Quantization& output) {
  ClampRange range;
  switch (activation) {
    case Activation::none:
      break;
    case Activation::relu:
      range.min = std::max(range.min, quantized(0, output));
      break;
    case Activation::relu6:
      range.min = std::max(range.min, quantized(0, output));
      range.max = std::min(range.max, quantized(6, output));
      break;
    case Activation::relu_n1_to_1:
      range.min = std::max(range.min, quantized(-1, output));
      range.max = std::min(range.max, quantized(1, output));
      break;
  }
  return range;
}

LookupTable lookup_table(Unary::Kind kind, const Quantization& input, const Quantization& output) {
  switch (kind) {
    case Unary::Kind::relu:
      return clamp_table(Activation::relu, input, output);
    case Unary::Kind::relu6:
      return clamp_table(Activation::relu6, input, output);
    case Unary::Kind::logistic:
      return table_of(logistic, input, output);
    case Unary::Kind::tanh:
      return table_of(hyperbolic_tangent, input, output);
  }
  return {};
}

}  // namespace mcusim::codegen
