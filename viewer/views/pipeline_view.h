#pragma once

#include <string>

#include "viewer/model/pipeline.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

/// A trace window as a student draws it: a row for each instruction, a column for each cycle.
class PipelineView : public View {
 public:
  explicit PipelineView(const profiler::Profile& profile);
  void draw(Frame& frame) override;
  void take_over(const View& before) override;

  /// The row that the reader has stepped to.
  std::size_t current() const { return current_; }

 private:
  void take_keys(Frame& frame, std::size_t rows_on_screen);
  void go_to(Frame& frame, std::size_t row);
  void draw_rows(Frame& frame, float text_width);
  void draw_columns(Frame& frame, const Rectangle& box, Cycles first) const;
  void draw_row(Frame& frame, std::size_t row, const Rectangle& box, float text_width, Cycles first);
  void draw_cells(Frame& frame, std::size_t row, const Rectangle& box, Cycles first) const;
  void draw_legend(Frame& frame);
  std::string describe(std::size_t row) const;

  const profiler::Profile& profile_;
  PipelineDiagram diagram_;
  std::size_t current_ = 0;
  bool scrolls_to_current_ = false;
  float cell_ems_ = 1.6f;  ///< Width of a cycle.
  Cycles offset_ = 0;      ///< Columns by which the reader moved away from the first row's begin.
};

}  // namespace mcusim::viewer
