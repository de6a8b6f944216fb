#pragma once

#include "viewer/views/view.h"

namespace mcusim::viewer {

/// What ran, how long it took, what of the part it used and what the cycles were spent on.
class SummaryView : public View {
 public:
  explicit SummaryView(const profiler::Profile& profile) : profile_(profile) {}
  void draw(Frame& frame) override;

 private:
  void draw_facts(Frame& frame);
  void draw_memory(Frame& frame);
  void draw_hottest(Frame& frame);

  const profiler::Profile& profile_;
};

}  // namespace mcusim::viewer
