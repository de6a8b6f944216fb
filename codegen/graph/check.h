#pragma once

#include <string_view>

#include "codegen/graph/graph.h"
#include "common/units.h"

namespace mcusim::codegen {

// What a graph may claim at most; far above any microcontroller, low enough that no file can make a later
// stage run long or take much memory.
inline constexpr Bytes kLargestTensorSum = 1ull << 30;  ///< All tensors together.
inline constexpr std::size_t kMostNodes = 10'000;
inline constexpr std::size_t kMostTensors = 40'000;
inline constexpr std::size_t kMostOperands = 256;   ///< Of one node.
inline constexpr std::size_t kMostDimensions = 5;   ///< Of one tensor.
inline constexpr std::int32_t kLargestStep = 4096;  ///< Stride, dilation and filter size.

/// What every importer promises and every later stage relies on: ids in range, execution order, one producer
/// per tensor, constants as long as their shape says, shapes and types as the operator demands, quantisation
/// present and sane where int8 needs it. Throws InputError "file: operator X of tensor 'name': fault;
/// remedy".
void check(const Graph& graph, std::string_view file);

/// A tensor or network name as it may appear in messages, notes and C comments: printable ASCII, one line.
std::string printable(std::string_view name);

}  // namespace mcusim::codegen
