#pragma once

#include <vector>

#include "codegen/graph/graph.h"

namespace mcusim::codegen {

/// Loops of the kernels that walk tensors of any rank (MCUSIM_BROADCAST_DIMS and its like).
inline constexpr std::size_t kLoops = 5;

/// A nest of loops, outermost first, and the step of each operand per turn of each loop, in elements.
struct StridedLoops {
  Shape size;
  std::vector<Shape> strides;  ///< By operand.
};

/// Drops loops of one turn and merges neighbours that all operands walk without a jump between them.
StridedLoops merge_loops(const Shape& size, const std::vector<Shape>& strides);

/// `values` behind as many `fill` as make `count`.
Shape outermost_padded(const Shape& values, std::size_t count, std::int64_t fill);

/// Elements between neighbours along each dimension.
Shape row_major_strides(const Shape& shape);

}  // namespace mcusim::codegen
