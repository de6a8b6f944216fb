#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "emulator/engine.h"
#include "emulator/timing/miss_classes.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// What an engine has counted since reset.
struct Reading {
  emulator::Counters counters;
  std::optional<emulator::StallCycles> stalls;
  std::vector<emulator::CacheUse> caches;
  std::vector<std::optional<emulator::MissClasses>> classes;  ///< By cache, while they are watched.
};

/// What was counted between two readings.
struct Spent {
  emulator::Counters counters;
  CyclesByCause stalls;
  std::vector<CacheProfile> caches;
};

Reading read(const emulator::Engine& engine);
/// Without `begin` since reset.
Spent spent(const Reading& end, const Reading& begin = {});
/// Adds cycles, instructions, stalls and misses.
void add(const Spent& spent, LayerProfile& layer);

}  // namespace mcusim::profiler
