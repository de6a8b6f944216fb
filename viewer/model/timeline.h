#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "profiler/profile.h"
#include "viewer/model/axis.h"

namespace mcusim::viewer {

/// Slices that stand in one row of a timeline: none overlaps another.
struct Lane {
  std::string title;                  ///< Of the first lane of a track; else empty.
  std::vector<std::uint32_t> slices;  ///< Indexes into Timeline::slices, by time.
  std::vector<Cycles> ends;           ///< Of each: what is searched lies close together.
};

/// A box of a lane on the screen.
struct LaneBox {
  static constexpr std::uint32_t kMany = ~0u;

  std::uint32_t slice = kMany;  ///< kMany: several, each too short to be seen alone.
  double left = 0, right = 0;   ///< Pixels.
};

/// Layers first, then each track with its deepest calls lowest.
std::vector<Lane> lanes_of(const profiler::Timeline& timeline);

/// What of a lane is seen. At most `width` boxes, found by searching, whatever the number of slices.
std::vector<LaneBox> visible_boxes(const Lane& lane, const profiler::Timeline& timeline, const Axis& axis,
                                   double width);

/// The visible_boxes() of one lane, looked for again only when the axis or the width has changed: most frames
/// are drawn because something else did.
class SeenBoxes {
 public:
  const std::vector<LaneBox>& of(const Lane& lane, const profiler::Timeline& timeline, const Axis& axis,
                                 double width);

 private:
  double begin_ = 0, end_ = 0, width_ = 0;  ///< Of what `boxes_` show.
  std::vector<LaneBox> boxes_;
};

/// What happened between two moments.
struct SpanStatistics {
  struct Part {
    std::uint32_t what = 0;  ///< Index into Profile::functions or layers.
    Cycles cycles = 0;
  };
  Cycles begin = 0, end = 0;
  /// Of the windows that lie in the span, the first and last in proportion.
  double instructions = 0;
  std::optional<Bytes> largest_stack, largest_heap;
  std::vector<Part> functions;  ///< By cycles of their own, the most first.
  std::vector<Part> layers;     ///< The most first.
};
SpanStatistics statistics(const profiler::Profile& profile, Cycles begin, Cycles end);

/// A curve over the windows of a timeline.
struct Curve {
  std::string name;
  std::vector<std::optional<double>> values;  ///< By window.
  double largest = 0;
};
/// Those that the profile knows anything of: instructions per cycle, misses per 1000 instructions, stack,
/// heap.
std::vector<Curve> curves_of(const profiler::Timeline& timeline);

/// The largest value of each pixel; nothing where no window tells.
std::vector<std::optional<double>> sampled(const Curve& curve, Cycles window_cycles, const Axis& axis,
                                           std::size_t width);

}  // namespace mcusim::viewer
