#include "viewer/model/timeline.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <tuple>

namespace mcusim::viewer {

using profiler::Profile;
using profiler::Slice;
using profiler::Timeline;
using profiler::Window;

std::vector<Lane> lanes_of(const Timeline& timeline) {
  // Layers lie beside the functions that compute them: a row of their own keeps both in sight.
  using Row = std::tuple<bool, std::uint32_t, std::uint32_t>;
  std::map<Row, Lane> rows;
  for (std::uint32_t i = 0; i < timeline.slices.size(); ++i) {
    const Slice& slice = timeline.slices[i];
    const bool is_layer = slice.kind == Slice::Kind::layer;
    Lane& lane = rows[{!is_layer, is_layer ? 0 : slice.track, is_layer ? 0 : slice.depth}];
    lane.slices.push_back(i);
    lane.ends.push_back(slice.end);
  }
  std::vector<Lane> lanes;
  std::optional<std::pair<bool, std::uint32_t>> track_before;
  for (auto& [row, lane] : rows) {
    const auto& [is_function, track, depth] = row;
    if (track_before != std::pair(is_function, track)) {
      lane.title = !is_function ? "layers" : track < timeline.tracks.size() ? timeline.tracks[track] : "";
    }
    track_before = {is_function, track};
    lanes.push_back(std::move(lane));
  }
  return lanes;
}

std::vector<LaneBox> visible_boxes(const Lane& lane, const Timeline& timeline, const Axis& axis,
                                   double width) {
  std::vector<LaneBox> boxes;
  const std::size_t count = lane.slices.size();
  const auto ends_by = [&](std::size_t i, double time) { return static_cast<double>(lane.ends[i]) <= time; };
  // The next pixel's slices are not far: steps that double find them sooner than halving all that is left.
  const auto ends_after = [&](std::size_t from, double time) {
    std::size_t step = 1;
    while (from + step < count && ends_by(from + step, time)) step *= 2;
    const auto first = lane.ends.begin();
    const auto found =
        std::partition_point(first + static_cast<std::ptrdiff_t>(std::min(count, from + step / 2)),
                             first + static_cast<std::ptrdiff_t>(std::min(count, from + step)),
                             [&](Cycles end) { return static_cast<double>(end) <= time; });
    return static_cast<std::size_t>(found - first);
  };
  for (std::size_t at = ends_after(0, axis.begin()); at < count;) {
    const Slice& slice = timeline.slices[lane.slices[at]];
    const double left = axis.to_pixel(static_cast<double>(slice.begin), width);
    const double right = axis.to_pixel(static_cast<double>(slice.end), width);
    if (left >= width) break;
    if (right - left >= 1) {
      boxes.push_back({lane.slices[at], std::max(left, 0.0), std::min(right, width)});
      ++at;
      continue;
    }
    // One pixel for all that lies in it; touching ones grow together.
    const double pixel = std::floor(std::max(left, 0.0));
    const std::size_t next = ends_after(at + 1, axis.to_value(pixel + 1, width));
    const bool is_alone = next == at + 1;
    if (!boxes.empty() && boxes.back().slice == LaneBox::kMany && boxes.back().right >= pixel) {
      boxes.back().right = pixel + 1;
    } else {
      boxes.push_back({is_alone ? lane.slices[at] : LaneBox::kMany, pixel, pixel + 1});
    }
    at = next;
  }
  return boxes;
}

const std::vector<LaneBox>& SeenBoxes::of(const Lane& lane, const Timeline& timeline, const Axis& axis,
                                          double width) {
  if (begin_ != axis.begin() || end_ != axis.end() || width_ != width)
    boxes_ = visible_boxes(lane, timeline, axis, width);
  begin_ = axis.begin();
  end_ = axis.end();
  width_ = width;
  return boxes_;
}

namespace {

Cycles overlap(Cycles begin, Cycles end, const Slice& slice) {
  const Cycles from = std::max(begin, slice.begin), to = std::min(end, slice.end);
  return to > from ? to - from : 0;
}

std::vector<SpanStatistics::Part> by_cycles(const std::vector<Cycles>& cycles) {
  std::vector<SpanStatistics::Part> parts;
  for (std::uint32_t i = 0; i < cycles.size(); ++i)
    if (cycles[i] != 0) parts.push_back({i, cycles[i]});
  std::ranges::stable_sort(parts, std::ranges::greater(), &SpanStatistics::Part::cycles);
  return parts;
}

void add_slices(const Profile& profile, SpanStatistics& span) {
  std::vector<Cycles> functions(profile.functions.size()), layers(profile.layers.size());
  std::map<std::pair<std::uint32_t, std::uint32_t>, const Slice*> latest;  // By track and depth.
  for (const Slice& slice : profile.timeline.slices) {
    if (slice.begin >= span.end) break;
    const Cycles cycles = overlap(span.begin, span.end, slice);
    if (slice.kind == Slice::Kind::layer) {
      if (slice.what < layers.size()) layers[slice.what] += cycles;
      continue;
    }
    if (slice.what >= functions.size()) continue;
    // A callee's time is not its caller's own.
    const auto caller = latest.find({slice.track, slice.depth - 1});
    if (slice.depth > 0 && caller != latest.end() && caller->second->end >= slice.end)
      functions[caller->second->what] -= std::min(functions[caller->second->what], cycles);
    functions[slice.what] += cycles;
    latest[{slice.track, slice.depth}] = &slice;
  }
  span.functions = by_cycles(functions);
  span.layers = by_cycles(layers);
}

template <typename Value>
void raise(std::optional<Value>& largest, const std::optional<Value>& value) {
  if (value) largest = std::max(largest.value_or(0), *value);
}

void add_windows(const Timeline& timeline, SpanStatistics& span) {
  const Cycles length = timeline.window_cycles;
  if (length == 0) return;
  for (std::size_t i = span.begin / length; i < timeline.windows.size() && i * length < span.end; ++i) {
    const Window& window = timeline.windows[i];
    const Cycles from = std::max<Cycles>(span.begin, i * length),
                 to = std::min<Cycles>(span.end, (i + 1) * length);
    span.instructions += static_cast<double>(window.instructions) * static_cast<double>(to - from) /
                         static_cast<double>(length);
    raise(span.largest_stack, window.stack);
    raise(span.largest_heap, window.heap);
  }
}

}  // namespace

SpanStatistics statistics(const Profile& profile, Cycles begin, Cycles end) {
  SpanStatistics span;
  span.begin = std::min(begin, end);
  span.end = std::max(begin, end);
  add_slices(profile, span);
  add_windows(profile.timeline, span);
  return span;
}

std::vector<Curve> curves_of(const Timeline& timeline) {
  const auto per_thousand = [](const std::optional<std::uint64_t>& misses, const Window& window) {
    return misses && window.instructions != 0
               ? std::optional(1e3 * static_cast<double>(*misses) / static_cast<double>(window.instructions))
               : std::nullopt;
  };
  const auto as_number = [](const std::optional<Bytes>& bytes) {
    return bytes ? std::optional(static_cast<double>(*bytes)) : std::nullopt;
  };
  using Value = std::function<std::optional<double>(const Window&)>;
  const std::pair<const char*, Value> kinds[] = {
      {"instructions per cycle",
       [&](const Window& window) {
         return std::optional(static_cast<double>(window.instructions) /
                              static_cast<double>(timeline.window_cycles));
       }},
      {"L1I misses per 1000 instructions",
       [&](const Window& window) { return per_thousand(window.instruction_misses, window); }},
      {"L1D misses per 1000 instructions",
       [&](const Window& window) { return per_thousand(window.data_misses, window); }},
      {"stack, bytes", [&](const Window& window) { return as_number(window.stack); }},
      {"heap, bytes", [&](const Window& window) { return as_number(window.heap); }}};
  std::vector<Curve> curves;
  if (timeline.window_cycles == 0) return curves;
  for (const auto& [name, value_of] : kinds) {
    Curve curve{name, {}, 0};
    bool is_known = false;
    for (const Window& window : timeline.windows) {
      curve.values.push_back(value_of(window));
      is_known |= curve.values.back().has_value();
      curve.largest = std::max(curve.largest, curve.values.back().value_or(0));
    }
    if (is_known) curves.push_back(std::move(curve));
  }
  return curves;
}

std::vector<std::optional<double>> sampled(const Curve& curve, Cycles window_cycles, const Axis& axis,
                                           std::size_t width) {
  std::vector<std::optional<double>> pixels(width);
  const auto window_at = [&](double time) {
    return std::min(curve.values.size(),
                    static_cast<std::size_t>(std::max(time, 0.0) / static_cast<double>(window_cycles)));
  };
  for (std::size_t pixel = 0; pixel < width; ++pixel) {
    const std::size_t first =
        window_at(axis.to_value(static_cast<double>(pixel), static_cast<double>(width)));
    const std::size_t end =
        window_at(axis.to_value(static_cast<double>(pixel + 1), static_cast<double>(width)));
    for (std::size_t i = first; i < std::max(end, std::min(first + 1, curve.values.size())); ++i)
      raise(pixels[pixel], curve.values[i]);
  }
  return pixels;
}

}  // namespace mcusim::viewer
