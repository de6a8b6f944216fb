#pragma once

#include <vector>

#include "codegen/graph/graph.h"

namespace mcusim::codegen {

/// A piece of the arena and when its content matters, in node indices, both ends included: -1 is before the
/// first node, the number of nodes after the last.
struct Storage {
  std::size_t bytes = 0;  ///< Rounded up to kArenaAlignment.
  int first = 0, last = 0;
};

/// Tensors that share their bytes (reshapes and what they reshape) share one storage.
struct Lifetimes {
  static constexpr int kNone = -1;

  std::vector<Storage> storages;
  std::vector<int> of_tensor;   ///< Index into storages by TensorId; kNone for constants.
  std::vector<int> of_scratch;  ///< By node index; kNone where a node needs none.
};

Lifetimes find_lifetimes(const Graph& graph);

}  // namespace mcusim::codegen
