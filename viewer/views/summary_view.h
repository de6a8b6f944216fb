#pragma once

#include <string>

#include "profiler/compare/reference.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

/// What ran, how long it took, what of the part it used and what the cycles were spent on.
class SummaryView : public View {
 public:
  /// `other` may be null.
  SummaryView(const profiler::Profile& profile, const profiler::Reference* other);
  void draw(Frame& frame) override;

 private:
  void draw_facts(Frame& frame);
  void draw_memory(Frame& frame);
  void draw_hottest(Frame& frame);

  const profiler::Profile& profile_;
  std::string against_;  ///< How far this is from the other; empty without one.
};

}  // namespace mcusim::viewer
