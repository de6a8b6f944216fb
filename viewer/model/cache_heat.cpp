#include "viewer/model/cache_heat.h"

#include <algorithm>

namespace mcusim::viewer {

using profiler::CacheProfile;

namespace {

std::size_t windows_of(const CacheProfile& cache) {
  return cache.set_misses.empty() ? 0 : cache.heat.accesses.size() / cache.set_misses.size();
}

CacheHeat::Most most_of(const std::vector<HeatCell>& cells) {
  CacheHeat::Most most;
  for (const HeatCell& cell : cells) {
    most.hits = std::max(most.hits, cell.hits());
    most.misses = std::max(most.misses, cell.misses);
  }
  return most;
}

std::size_t divided_up(std::size_t things, std::size_t parts) { return (things + parts - 1) / parts; }

}  // namespace

double heat_end(const CacheProfile& cache) {
  return static_cast<double>(cache.heat.window) * static_cast<double>(windows_of(cache));
}

CacheHeat cache_heat(const CacheProfile& cache, const Axis& time, std::size_t most_columns,
                     std::size_t most_rows) {
  CacheHeat heat;
  const std::size_t windows = windows_of(cache), sets = cache.set_misses.size();
  if (windows == 0 || cache.heat.window == 0) return heat;
  const auto length = static_cast<double>(cache.heat.window);
  const auto first = static_cast<std::size_t>(std::clamp(time.begin() / length, 0.0, windows - 1.0));
  const auto last =
      std::max(first + 1,
               static_cast<std::size_t>(std::clamp(time.end() / length, 0.0, static_cast<double>(windows))));
  const std::size_t end =
      std::min(windows, time.end() > static_cast<double>(last) * length ? last + 1 : last);
  const std::size_t windows_in_column = divided_up(end - first, most_columns);
  heat.sets = sets;
  heat.sets_in_row = divided_up(sets, most_rows);
  heat.rows = divided_up(sets, heat.sets_in_row);
  for (std::size_t begin = first; begin < end; begin += windows_in_column) {
    const std::size_t until = std::min(end, begin + windows_in_column);
    heat.columns.push_back({begin * cache.heat.window, until * cache.heat.window});
    const std::size_t cell = heat.cells.size();
    heat.cells.resize(cell + heat.rows);
    for (std::size_t window = begin; window < until; ++window) {
      for (std::size_t set = 0; set < sets; ++set) {
        HeatCell& to = heat.cells[cell + set / heat.sets_in_row];
        to.accesses += cache.heat.accesses[window * sets + set];
        to.misses += cache.heat.misses[window * sets + set];
      }
    }
  }
  heat.most = most_of(heat.cells);
  if (cache.heat.way_accesses.empty()) return heat;
  heat.ways = cache.ways;
  heat.way_cells.resize(heat.rows * heat.ways);
  for (std::size_t i = first * sets * heat.ways; i < end * sets * heat.ways; ++i) {
    const std::size_t set = i / heat.ways % sets, way = i % heat.ways;
    HeatCell& to = heat.way_cells[set / heat.sets_in_row * heat.ways + way];
    to.accesses += cache.heat.way_accesses[i];
    to.misses += cache.heat.way_misses[i];
  }
  heat.most_of_way = most_of(heat.way_cells);
  return heat;
}

AccessesBySymbol cached_accesses(const profiler::Profile& profile) {
  AccessesBySymbol sums;
  for (const CacheProfile& cache : profile.caches) {
    for (const profiler::CacheShare& symbol : cache.symbols) {
      HeatCell& sum = sums[symbol.name];
      sum.accesses += symbol.accesses;
      sum.misses += symbol.misses;
    }
  }
  return sums;
}

}  // namespace mcusim::viewer
