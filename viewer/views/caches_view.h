#pragma once

#include <array>
#include <string>
#include <vector>

#include "viewer/model/axis.h"
#include "viewer/model/cache_heat.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

/// What each level of the memory system hit and missed: classes of misses, sets over time and by ways, and
/// who misses: symbols, functions, pairs that take each other's places.
class CachesView : public View {
 public:
  explicit CachesView(const profiler::Profile& profile);
  void draw(Frame& frame) override;
  void take_over(const View& before) override;
  bool shows_hits() const { return shows_hits_; }
  /// What the heat shows, in cycles.
  const Axis& time() const { return caches_[shown_].time; }
  const Table* table() const override { return caches_.empty() ? nullptr : &caches_[shown_].tables[list_]; }

 private:
  enum List : std::size_t { symbols, functions, conflicts, list_count };
  struct ShownCache {
    std::array<Table, list_count> tables;
    Axis time;  ///< In cycles.
  };
  void draw_levels(Frame& frame);
  void draw_sets(Frame& frame, const profiler::CacheProfile& cache);
  void draw_heat(Frame& frame, const profiler::CacheProfile& cache, Axis& time);
  void draw_time(Frame& frame, const CacheHeat& heat, const Rectangle& box, const Axis& time) const;
  void draw_ways(Frame& frame, const CacheHeat& heat, const Rectangle& box) const;
  void draw_sums(Frame& frame, const profiler::CacheProfile& cache);
  void draw_lists(Frame& frame, const profiler::CacheProfile& cache);
  void draw_cell(Frame& frame, const HeatCell& cell, const CacheHeat::Most& most, const Rectangle& box) const;

  const profiler::Profile& profile_;
  std::vector<ShownCache> caches_;  ///< In the order of the profile's.
  std::size_t shown_ = 0;           ///< The cache whose sets and lists are shown.
  std::size_t list_ = symbols;
  bool shows_hits_ = false;  ///< As heat, instead of misses.
  float share_ = 0.45f;      ///< Of the room below the levels, for the sets.
};

}  // namespace mcusim::viewer
