#include "codegen/plan/memory_plan.h"

#include "codegen/plan/arena_layout.h"
#include "codegen/plan/lifetimes.h"

namespace mcusim::codegen {

MemoryPlan plan_memory(const Graph& graph) {
  const Lifetimes lifetimes = find_lifetimes(graph);
  const std::size_t lower_bound = busiest_moment(lifetimes.storages, graph.nodes.size());
  const ArenaLayout layout = lay_out(lifetimes.storages, lower_bound);
  const auto offset_of = [&layout](int storage) {
    return storage == Lifetimes::kNone
               ? MemoryPlan::kNoOffset
               : static_cast<std::int64_t>(layout.offsets[static_cast<std::size_t>(storage)]);
  };
  MemoryPlan plan;
  for (const int storage : lifetimes.of_tensor) plan.offsets.push_back(offset_of(storage));
  for (const int storage : lifetimes.of_scratch) plan.scratch_offsets.push_back(offset_of(storage));
  plan.arena_bytes = layout.end;
  return plan;
}

std::size_t arena_lower_bound(const Graph& graph) {
  return busiest_moment(find_lifetimes(graph).storages, graph.nodes.size());
}

}  // namespace mcusim::codegen
