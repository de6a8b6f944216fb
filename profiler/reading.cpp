#include "profiler/reading.h"

#include "emulator/timing/cache_watch.h"

namespace mcusim::profiler {
namespace {

void add_misses(const std::vector<CacheProfile>& caches, std::string_view level,
                std::optional<std::uint64_t>& misses) {
  for (const CacheProfile& cache : caches)
    if (cache.level == level) misses = misses.value_or(0) + cache.misses;
}

void add_share(const CacheProfile& cache, CacheShare& share) {
  share.name = cache.level;
  share.accesses += cache.accesses;
  share.misses += cache.misses;
  share.writebacks += cache.writebacks.value_or(0);
  if (!cache.conflict) return;
  share.classes = share.classes.value_or(emulator::MissClasses{});
  *share.classes += {*cache.compulsory, *cache.capacity, *cache.conflict};
}

}  // namespace

Reading read(const emulator::Engine& engine) {
  Reading reading{engine.counters(), engine.stalls(), engine.caches(), {}};
  if (const auto* const watched = dynamic_cast<const emulator::WatchedCaches*>(&engine)) {
    for (const emulator::CacheWatch* const watch : watched->watches())
      reading.classes.push_back(watch != nullptr ? std::optional(watch->misses()) : std::nullopt);
  }
  return reading;
}

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
    const emulator::CacheCounters before =
        i < begin.caches.size() ? begin.caches[i].counters : emulator::CacheCounters{};
    const emulator::CacheCounters counters = end.caches[i].counters - before;
    CacheProfile& cache = spent.caches.emplace_back();
    cache.level = end.caches[i].name;
    cache.accesses = counters.accesses;
    cache.misses = counters.misses;
    cache.writebacks = counters.writebacks;
    if (i >= end.classes.size() || !end.classes[i]) continue;
    const std::optional<emulator::MissClasses> known =
        i < begin.classes.size() ? begin.classes[i] : std::nullopt;
    const emulator::MissClasses classes = *end.classes[i] - known.value_or(emulator::MissClasses{});
    cache.compulsory = classes.compulsory;
    cache.capacity = classes.capacity;
    cache.conflict = classes.conflict;
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
  layer.caches.resize(spent.caches.size());
  for (std::size_t i = 0; i < spent.caches.size(); ++i) add_share(spent.caches[i], layer.caches[i]);
}

}  // namespace mcusim::profiler
