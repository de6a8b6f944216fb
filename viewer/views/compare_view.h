#pragma once

#include <string>

#include "viewer/model/comparison.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

/// Two profiles beside each other: cycles of each layer in both, and the one over the other.
class CompareView : public View {
 public:
  /// `other` may be null.
  CompareView(const profiler::Profile& profile, const profiler::Profile* other);
  void draw(Frame& frame) override;
  const Table* table() const override { return other_ == nullptr ? nullptr : &table_; }

 private:
  void draw_scatter(Frame& frame);

  const profiler::Profile& profile_;
  const profiler::Profile* other_;
  Comparison comparison_;
  Table table_;
  std::string filter_;
  std::optional<std::size_t> selected_;  ///< A row of the comparison.
  float share_ = 0.62f;
};

}  // namespace mcusim::viewer
