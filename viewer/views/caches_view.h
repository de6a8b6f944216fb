#pragma once

#include <vector>

#include "viewer/views/view.h"

namespace mcusim::viewer {

/// What each level of the memory system hit and missed: classes of misses, sets, symbols.
class CachesView : public View {
 public:
  explicit CachesView(const profiler::Profile& profile);
  void draw(Frame& frame) override;
  void take_over(const View& before) override;
  const Table* table() const override { return tables_.empty() ? nullptr : &tables_[shown_]; }

 private:
  void draw_levels(Frame& frame);
  void draw_sets(Frame& frame, const profiler::CacheProfile& cache);

  const profiler::Profile& profile_;
  std::vector<Table> tables_;  ///< Of symbols, by cache.
  std::size_t shown_ = 0;      ///< The cache whose sets and symbols are shown.
};

}  // namespace mcusim::viewer
