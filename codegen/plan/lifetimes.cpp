#include "codegen/plan/lifetimes.h"

#include <algorithm>

#include "codegen/plan/memory_plan.h"

namespace mcusim::codegen {
namespace {

std::size_t rounded(std::size_t bytes) {
  return (bytes + kArenaAlignment - 1) / kArenaAlignment * kArenaAlignment;
}

}  // namespace

Lifetimes find_lifetimes(const Graph& graph) {
  Lifetimes lifetimes;
  lifetimes.of_tensor.assign(graph.tensors.size(), Lifetimes::kNone);
  lifetimes.of_scratch.assign(graph.nodes.size(), Lifetimes::kNone);
  const auto add = [&lifetimes](std::size_t bytes, int moment) {
    lifetimes.storages.push_back({rounded(bytes), moment, moment});
    return static_cast<int>(lifetimes.storages.size()) - 1;
  };
  const auto of = [&lifetimes](TensorId id) -> int& {
    return lifetimes.of_tensor[static_cast<std::size_t>(id)];
  };
  const auto extend = [&](TensorId id, int moment) {
    if (of(id) != Lifetimes::kNone) lifetimes.storages[static_cast<std::size_t>(of(id))].last = moment;
  };

  for (const TensorId id : graph.inputs) of(id) = add(graph.tensor(id).bytes(), -1);
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    const int now = static_cast<int>(n);
    for (const TensorId id : node.inputs) {
      if (id != kNoTensor) extend(id, now);
    }
    const bool shares = std::holds_alternative<Reshape>(node.attributes);
    for (const TensorId id : node.outputs) {
      of(id) = shares ? of(node.inputs[0]) : add(graph.tensor(id).bytes(), now);
    }
    const std::size_t scratch = scratch_bytes(graph, node);
    if (scratch > 0) lifetimes.of_scratch[n] = add(scratch, now);
  }
  for (const TensorId id : graph.outputs) extend(id, static_cast<int>(graph.nodes.size()));
  return lifetimes;
}

}  // namespace mcusim::codegen
