#include "profiler/reading.h"

namespace mcusim::profiler {
namespace {

void add_misses(const std::vector<CacheProfile>& caches, std::string_view level,
                std::optional<std::uint64_t>& misses) {
  for (const CacheProfile& cache : caches)
    if (cache.level == level) misses = misses.value_or(0) + cache.misses;
}

}  // namespace

Reading read(const emulator::Engine& engine) { return {engine.counters(), engine.stalls(), engine.caches()}; }

Spent spent(const Reading& end, const Reading& begin) {
  Spent spent;
  spent.counters = {end.counters.instructions - begin.counters.instructions,
                    end.counters.skipped - begin.counters.skipped,
                    end.counters.cycles - begin.counters.cycles};
  if (end.stalls) {
    const emulator::StallCycles stalls = *end.stalls - begin.stalls.value_or(emulator::StallCycles{});
    spent.stalls.assign(stalls.by_cause.begin(), stalls.by_cause.end());
  }
  for (std::size_t i = 0; i < end.caches.size(); ++i) {
    const bool known = i < begin.caches.size();
    const emulator::CacheCounters counters =
        end.caches[i].counters - (known ? begin.caches[i].counters : emulator::CacheCounters{});
    CacheProfile& cache = spent.caches.emplace_back();
    cache.level = end.caches[i].name;
    cache.accesses = counters.accesses;
    cache.misses = counters.misses;
    cache.writebacks = counters.writebacks;
  }
  return spent;
}

void add(const Spent& spent, LayerProfile& layer) {
  layer.cycles += spent.counters.cycles;
  layer.instructions += spent.counters.instructions;
  layer.stalls.resize(spent.stalls.size());
  for (std::size_t i = 0; i < spent.stalls.size(); ++i) layer.stalls[i] += spent.stalls[i];
  add_misses(spent.caches, "l1i", layer.l1i_misses);
  add_misses(spent.caches, "l1d", layer.l1d_misses);
}

}  // namespace mcusim::profiler
