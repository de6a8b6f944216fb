#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "profiler/profile.h"
#include "viewer/model/axis.h"

namespace mcusim::viewer {

/// What sets of a cache did in a part of the run.
struct HeatCell {
  std::uint64_t accesses = 0, misses = 0;
};

/// The sets of a cache over time, with as many windows and sets in one cell as there is no room for alone.
struct CacheHeat {
  struct Column {
    Cycles begin = 0, end = 0;
  };
  std::vector<Column> columns;            ///< One behind the other.
  std::size_t rows = 0, sets_in_row = 1;  ///< The last row may have fewer.
  std::vector<HeatCell> cells;            ///< By column, then by row.
  HeatCell most;                          ///< Of each, not of the same cell.
  const HeatCell& at(std::size_t column, std::size_t row) const { return cells[column * rows + row]; }
};

/// Windows that `time`, an axis of cycles, shows at least a part of. At most so many columns and rows, which
/// are not 0. Empty where the profile has no heat.
CacheHeat cache_heat(const profiler::CacheProfile& cache, const Axis& time, std::size_t most_columns,
                     std::size_t most_rows);

/// The end of the last window.
double heat_end(const profiler::CacheProfile& cache);

/// What went through caches, by the symbol that lies there.
using AccessesBySymbol = std::map<std::string, HeatCell, std::less<>>;
AccessesBySymbol cached_accesses(const profiler::Profile& profile);

}  // namespace mcusim::viewer
