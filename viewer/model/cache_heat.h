#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "profiler/profile.h"
#include "viewer/model/axis.h"

namespace mcusim::viewer {

/// What sets or ways of a cache did in a part of the run.
struct HeatCell {
  std::uint64_t accesses = 0, misses = 0;
  std::uint64_t hits() const { return accesses > misses ? accesses - misses : 0; }
};

/// The sets of a cache over time, with as many windows and sets in one cell as there is no room for alone,
/// and the ways of the same sets during all of that time.
struct CacheHeat {
  struct Most {
    std::uint64_t hits = 0, misses = 0;  ///< Of any cell, not of the same one.
  };
  struct Column {
    Cycles begin = 0, end = 0;
  };
  std::vector<Column> columns;  ///< One behind the other.
  std::size_t sets = 0;
  std::size_t rows = 0, sets_in_row = 1;  ///< The last row may have fewer.
  std::vector<HeatCell> cells;            ///< By column, then by row.
  Most most;
  std::size_t ways = 0;             ///< 0: not known.
  std::vector<HeatCell> way_cells;  ///< By row, then by way.
  Most most_of_way;
  const HeatCell& at(std::size_t column, std::size_t row) const { return cells[column * rows + row]; }
  const HeatCell& of_way(std::size_t row, std::size_t way) const { return way_cells[row * ways + way]; }
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
