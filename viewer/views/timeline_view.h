#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "viewer/model/timeline.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

/// What ran when: layers above functions above interrupts, curves below on the same axis of time.
class TimelineView : public View {
 public:
  explicit TimelineView(const profiler::Profile& profile);
  void draw(Frame& frame) override;
  void take_over(const View& before) override;

  const Axis& axis() const { return axis_; }
  /// Of the span that the reader chose by dragging.
  const std::optional<SpanStatistics>& chosen() const { return chosen_; }

 private:
  void draw_axis(Frame& frame, const Rectangle& box);
  void draw_lanes(Frame& frame, float label_width);
  void draw_lane(Frame& frame, std::size_t lane, const Rectangle& box);
  void draw_curve(Frame& frame, const Curve& curve, const Rectangle& box);
  void draw_statistics(Frame& frame);
  /// What the chosen span is, in numbers.
  std::string span_text() const;
  void choose_span(Frame& frame, const Rectangle& box, bool is_hovered);
  void select(Frame& frame, const profiler::Slice& slice);
  bool is_selected(const Frame& frame, const profiler::Slice& slice) const;
  std::string name_of(const profiler::Slice& slice) const;

  const profiler::Profile& profile_;
  std::vector<Lane> lanes_;
  std::vector<SeenBoxes> seen_;  ///< By lane.
  std::vector<Curve> curves_;
  Axis axis_;
  std::optional<double> drag_start_;  ///< A moment.
  std::optional<SpanStatistics> chosen_;
};

}  // namespace mcusim::viewer
