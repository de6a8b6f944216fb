#pragma once

#include <vector>

#include "emulator/timing/cache_watch.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// What each set of a cache and each of its ways did when, in at most 256 windows of equal length, fewer of a
/// cache of many lines: when time passes the last one, each two become one. Between two looks accesses are
/// spread evenly.
class SetHeat {
 public:
  static constexpr std::size_t kMostWindows = 256;
  static constexpr std::size_t kMostLines = 131'072;  ///< In all windows together: 1 MB of a profile.
  static constexpr Cycles kFirstWindow = 8'192;
  using Counts = std::vector<emulator::CacheWatch::PlaceCounts>;

  /// Counts since reset; `ways` as CacheWatch has them.
  void look(Cycles now, const Counts& sets, const Counts& ways);
  CacheProfile::Heat heat() const;

 private:
  struct Row {
    Counts sets, ways;
  };
  Row& row_at(Cycles cycles);
  void double_windows();

  Cycles window_ = kFirstWindow;
  std::vector<Row> rows_;
  Cycles last_ = 0;
  Row counted_;  ///< Up to then.
};

}  // namespace mcusim::profiler
