#pragma once

#include <string>

#include "profiler/compare/reference.h"
#include "viewer/model/comparison_table.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

/// The profile beside another one, a board's log or a table: cost of each layer in both, and the one over the
/// other.
class CompareView : public View {
 public:
  /// `other` may be null.
  CompareView(const profiler::Profile& profile, const profiler::Reference* other);
  void draw(Frame& frame) override;
  void take_over(const View& before) override;
  const Table* table() const override { return has_other_ ? &table_ : nullptr; }

 private:
  void draw_scatter(Frame& frame);

  const profiler::Profile& profile_;
  bool has_other_;
  profiler::Comparison comparison_;
  Table table_;
  std::string filter_;
  std::optional<std::size_t> selected_;  ///< A row of the comparison.
  float share_ = 0.62f;
};

}  // namespace mcusim::viewer
