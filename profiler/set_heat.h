#pragma once

#include <vector>

#include "emulator/timing/cache_watch.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// What each set of a cache did when, in at most 256 windows of equal length: when time passes the last one,
/// each two become one. Between two looks accesses are spread evenly.
class SetHeat {
 public:
  static constexpr std::size_t kMostWindows = 256;
  static constexpr Cycles kFirstWindow = 8'192;

  /// `sets`: counts since reset.
  void look(Cycles now, const std::vector<emulator::CacheWatch::SetCounts>& sets);
  CacheProfile::Heat heat() const;

 private:
  using Row = std::vector<emulator::CacheWatch::SetCounts>;
  Row& row_at(Cycles cycles);
  void double_windows();

  Cycles window_ = kFirstWindow;
  std::vector<Row> rows_;
  Cycles last_ = 0;
  Row counted_;  ///< Up to then.
};

}  // namespace mcusim::profiler
