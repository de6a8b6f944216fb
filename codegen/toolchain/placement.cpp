#include "codegen/toolchain/placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "codegen/toolchain/text.h"
#include "common/error.h"

namespace mcusim::codegen {
namespace {

using mcu_models::McuModel;
using mcu_models::MemoryKind;
using mcu_models::MemoryRegion;

constexpr Bytes kStackSizes[] = {4096, 2048};  // The smaller where the larger does not fit.
// .data and .bss of the main program: recorded cycles and counters, and per layer its cycles.
constexpr Bytes kDataBytes = 512;
constexpr Bytes kDataBytesPerLayer = 4;
constexpr Bytes kArenaAlignment = 32;  // A cache line of the Cortex-M7.

std::optional<int> speed_rank(MemoryKind kind) {
  switch (kind) {
    case MemoryKind::dtcm:
      return 0;
    case MemoryKind::ccm:
      return 1;
    case MemoryKind::ram:
      return 2;
    case MemoryKind::flash:
    case MemoryKind::itcm:
    case MemoryKind::backup:
      return std::nullopt;
  }
  return std::nullopt;
}

constexpr int kMixedRank = 3;

struct Candidate {
  MemorySpan span;
  int rank = 0;
};

/// Every address at which a data memory can be seen, by address.
std::vector<Candidate> data_memories(const McuModel& mcu) {
  std::vector<Candidate> views;
  for (const MemoryRegion& region : mcu.memory) {
    const std::optional<int> rank = speed_rank(region.kind);
    if (!rank || region.size == 0) continue;
    views.push_back({{region.name, region.base, region.size}, *rank});
  }
  std::sort(views.begin(), views.end(),
            [](const Candidate& a, const Candidate& b) { return a.span.base < b.span.base; });
  return views;
}

void append(Candidate& run, const Candidate& next) {
  run.span.name += "+" + next.span.name;
  run.span.size += next.span.size;
  if (run.rank != next.rank) run.rank = kMixedRank;
}

/// Runs of neighbours; of one kind only, or of any.
std::vector<Candidate> runs(const std::vector<Candidate>& views, bool mixed) {
  std::vector<Candidate> joined;
  for (const Candidate& view : views) {
    const bool follows =
        !joined.empty() && Bytes{joined.back().span.base} + joined.back().span.size == view.span.base;
    if (follows && (mixed || joined.back().rank == view.rank)) {
      append(joined.back(), view);
    } else {
      joined.push_back(view);
    }
  }
  return joined;
}

std::vector<Candidate> candidates(const McuModel& mcu) {
  const std::vector<Candidate> views = data_memories(mcu);
  std::vector<Candidate> all = runs(views, false);
  for (const Candidate& run : runs(views, true)) {
    if (run.rank == kMixedRank) all.push_back(run);
  }
  std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.span.size > b.span.size;
  });
  return all;
}

bool overlap(const MemorySpan& a, const MemorySpan& b) {
  return a.base < Bytes{b.base} + b.size && b.base < Bytes{a.base} + a.size;
}

Bytes aligned(Bytes size) { return (size + kArenaAlignment - 1) / kArenaAlignment * kArenaAlignment; }

std::string kib(Bytes bytes) {
  return bytes % 1024 == 0 ? fmt::format("{} KB", bytes / 1024) : fmt::format("{:.1f} KB", bytes / 1024.0);
}

const MemoryRegion& flash_of(const McuModel& mcu) {
  const MemoryRegion* largest = nullptr;
  for (const MemoryRegion& region : mcu.memory) {
    if (region.kind == MemoryKind::flash && (!largest || region.size > largest->size)) largest = &region;
  }
  if (!largest) {
    throw InputError(fmt::format("{}: the model has no flash memory; add a region of kind flash", mcu.name));
  }
  return *largest;
}

[[noreturn]] void throw_no_ram(const EmittedNetwork& network, const McuModel& mcu, Bytes system,
                               const std::vector<Candidate>& memories) {
  const auto largest =
      std::max_element(memories.begin(), memories.end(),
                       [](const Candidate& a, const Candidate& b) { return a.span.size < b.span.size; });
  const std::string have = largest == memories.end()
                               ? fmt::format("{} has none", mcu.name)
                               : fmt::format("the largest region of {}, {}, has {}", mcu.name,
                                             largest->span.name, kib(largest->span.size));
  throw InputError(
      fmt::format("{}: the network needs {} of RAM ({} for its tensors, {} for stack and data), {}; "
                  "choose a larger MCU, quantise the network to int8 or make it smaller",
                  table_word(network.note.name), kib(network.arena_bytes + system), kib(network.arena_bytes),
                  kib(system), have));
}

}  // namespace

Placement place(const EmittedNetwork& network, Bytes sample_bytes, const McuModel& mcu) {
  const MemoryRegion& flash = flash_of(mcu);
  if (network.weights_bytes + sample_bytes > flash.size) {
    throw InputError(fmt::format(
        "{}: the network needs {} of flash ({} for weights, {} for sample inputs) besides its code, "
        "the flash of {}, {}, has {}; choose a larger MCU, fewer samples or a smaller network",
        table_word(network.note.name), kib(network.weights_bytes + sample_bytes), kib(network.weights_bytes),
        kib(sample_bytes), mcu.name, flash.name, kib(flash.size)));
  }
  const std::vector<Candidate> memories = candidates(mcu);
  const Bytes data = kDataBytes + kDataBytesPerLayer * network.note.layers.size();
  const Bytes arena_bytes = aligned(network.arena_bytes);
  for (const Bytes stack : kStackSizes) {
    const Bytes system_bytes = aligned(stack + data);
    for (const Candidate& arena : memories) {
      if (arena.span.size < arena_bytes) continue;
      for (const Candidate& system : memories) {
        const bool same = system.span == arena.span;
        if (!same && overlap(system.span, arena.span)) continue;
        if (system.span.size < system_bytes + (same ? arena_bytes : 0)) continue;
        return {{flash.name, flash.base, flash.size}, system.span, arena.span, stack};
      }
    }
  }
  throw_no_ram(network, mcu, kStackSizes[1] + data, memories);
}

}  // namespace mcusim::codegen
