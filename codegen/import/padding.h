#pragma once

#include <cstdint>

namespace mcusim::codegen {

/// Zeros around one dimension of a convolution's or pool's input.
struct Margin {
  std::int32_t before = 0, after = 0;
};

/// SAME: as many results as strides start inside the input; an odd zero goes behind. All arguments positive;
/// filter, stride and dilation at most kLargestStep (codegen/graph/check.h).
Margin same_margin(std::int64_t size, std::int32_t filter, std::int32_t stride, std::int32_t dilation);

}  // namespace mcusim::codegen
