#include "profiler/call_profile.h"

namespace mcusim::profiler {
namespace {

constexpr std::uint32_t kAbsent = CallPath::kRoot;

/// What a path spent with all that it called.
struct Inclusive {
  Cycles cycles = 0;
  std::uint64_t instructions = 0;
  bool counted = false;
};

std::vector<Inclusive> inclusive(const std::vector<CallNode>& nodes) {
  std::vector<Inclusive> totals(nodes.size());
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const CallNode& node = nodes[i];
    totals[i].cycles += node.self_cycles;
    totals[i].instructions += node.self_instructions;
    totals[i].counted |= node.calls != 0 || node.self_cycles != 0 || node.self_instructions != 0;
    if (node.parent == CallNode::kNone) continue;
    totals[node.parent].cycles += totals[i].cycles;
    totals[node.parent].instructions += totals[i].instructions;
    totals[node.parent].counted |= totals[i].counted;
  }
  return totals;
}

/// Adds each path's inclusive cost to its function unless a call further out is of the same function.
void add_totals(const std::vector<CallPath>& paths, const std::vector<Inclusive>& totals,
                std::vector<FunctionProfile>& functions) {
  std::vector<std::vector<std::uint32_t>> children(paths.size());
  std::vector<std::uint32_t> todo;
  for (std::uint32_t i = 0; i < paths.size(); ++i)
    (paths[i].parent == CallPath::kRoot ? todo : children[paths[i].parent]).push_back(i);
  std::vector<std::uint32_t> open(functions.size());
  // A path is seen twice: when it is entered and, marked, when all below it are done.
  constexpr std::uint32_t kDone = 1u << 31;
  while (!todo.empty()) {
    const std::uint32_t path = todo.back() & ~kDone;
    const std::uint32_t function = paths[path].function;
    if ((todo.back() & kDone) != 0) {
      --open[function];
      todo.pop_back();
      continue;
    }
    todo.back() |= kDone;
    if (open[function]++ == 0) {
      functions[function].total_cycles += totals[path].cycles;
      functions[function].total_instructions += totals[path].instructions;
    }
    todo.insert(todo.end(), children[path].begin(), children[path].end());
  }
}

}  // namespace

FunctionProfile describe(const FunctionTable::Function& function, const emulator::Image& image) {
  FunctionProfile described;
  described.name = function.name;
  described.address = function.address;
  described.size = function.size;
  if (const auto source = image.source_at(function.address)) {
    const emulator::SourceLine& line =
        source->inlined_into.empty() ? source->at : source->inlined_into.back();
    described.file = line.file;
    described.line = line.line;
  }
  return described;
}

std::vector<std::uint32_t> fill_calls(const std::vector<CallNode>& nodes, const FunctionTable& table,
                                      const emulator::Image& image, Profile& profile) {
  const std::vector<Inclusive> totals = inclusive(nodes);
  std::vector<std::uint32_t> function_at(table.size(), kAbsent), path_at(nodes.size(), kAbsent);
  std::vector<Inclusive> kept;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!totals[i].counted) continue;
    const CallNode& node = nodes[i];
    if (function_at[node.function] == kAbsent) {
      function_at[node.function] = static_cast<std::uint32_t>(profile.functions.size());
      profile.functions.push_back(describe(table[node.function], image));
    }
    FunctionProfile& function = profile.functions[function_at[node.function]];
    function.is_handler |= node.is_handler;
    function.calls += node.calls;
    function.self_cycles += node.self_cycles;
    function.self_instructions += node.self_instructions;
    path_at[i] = static_cast<std::uint32_t>(profile.call_paths.size());
    profile.call_paths.push_back({node.parent == CallNode::kNone ? CallPath::kRoot : path_at[node.parent],
                                  function_at[node.function], node.call_site, node.calls, node.self_cycles,
                                  node.self_instructions});
    kept.push_back(totals[i]);
  }
  add_totals(profile.call_paths, kept, profile.functions);
  return function_at;
}

}  // namespace mcusim::profiler
