#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "codegen/graph/graph.h"

namespace mcusim::codegen {

// The numbers that TensorFlow Lite's reference kernels (release 2.19) derive from scales before they run.
// Which product is taken in float and which in double is theirs, and matters for the last bit.

/// factor = multiplier * 2^(shift - 31), multiplier in [2^30, 2^31) or 0.
struct FixedPoint {
  std::int32_t multiplier = 0;
  int shift = 0;
};
FixedPoint fixed_point(double factor);

/// x * factor with the kernels' own rounding.
std::int32_t rescale(std::int32_t x, FixedPoint factor);

/// What a fused activation leaves of int8.
struct ClampRange {
  std::int32_t min = -128, max = 127;
};
ClampRange clamp_range(Activation activation, const Quantization& output);

/// By input + 128.
using LookupTable = std::array<std::int8_t, 256>;
LookupTable lookup_table(Unary::Kind kind, const Quantization& input, const Quantization& output);

}  // namespace mcusim::codegen
