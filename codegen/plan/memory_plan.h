#pragma once

#include <cstdint>
#include <vector>

#include "codegen/graph/graph.h"

namespace mcusim::codegen {

inline constexpr std::size_t kArenaAlignment = 16;

/// Where each run-time tensor lies in the one arena of a network.
struct MemoryPlan {
  static constexpr std::int64_t kNoOffset = -1;

  std::size_t arena_bytes = 0;
  /// By TensorId; kNoOffset for constants. A reshaped tensor shares its input's offset.
  std::vector<std::int64_t> offsets;
  /// Scratch of each node (by node index), kNoOffset where it needs none.
  std::vector<std::int64_t> scratch_offsets;
};

/// Bytes of scratch that a node's kernel needs while it runs.
std::size_t scratch_bytes(const Graph& graph, const Node& node);

/// Tensors that live at the same time do not overlap; each starts at a multiple of kArenaAlignment. An input
/// of the network keeps its place up to its last use (and may be overwritten then: write it before each
/// inference), an output from its computation to the end.
MemoryPlan plan_memory(const Graph& graph);

/// What lives at the busiest moment takes this much, so that no plan for this order of nodes is smaller.
std::size_t arena_lower_bound(const Graph& graph);

}  // namespace mcusim::codegen
