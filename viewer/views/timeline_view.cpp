#include "viewer/views/timeline_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "profiler/reports/format.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {

using profiler::grouped;
using profiler::Profile;
using profiler::Slice;

namespace {

constexpr std::size_t kPartsShown = 5;

double end_of(const Profile& profile) {
  Cycles end = profile.run.cycles;
  for (const Slice& slice : profile.timeline.slices) end = std::max(end, slice.end);
  return static_cast<double>(end);
}

}  // namespace

TimelineView::TimelineView(const Profile& profile)
    : profile_(profile),
      lanes_(lanes_of(profile.timeline)),
      seen_(lanes_.size()),
      curves_(curves_of(profile.timeline)),
      axis_(0, end_of(profile), 20) {}

std::string TimelineView::name_of(const Slice& slice) const {
  if (slice.kind != Slice::Kind::layer)
    return slice.what < profile_.functions.size() ? profile_.functions[slice.what].name : "?";
  if (slice.what >= profile_.layers.size()) return "?";
  const NoteLayer& layer = profile_.layers[slice.what].layer;
  return fmt::format("{} {}", layer.index, layer.op);
}

bool TimelineView::is_selected(const Frame& frame, const Slice& slice) const {
  return slice.what ==
         (slice.kind == Slice::Kind::layer ? frame.selection.layer() : frame.selection.function());
}

void TimelineView::select(Frame& frame, const Slice& slice) {
  if (slice.kind == Slice::Kind::layer) {
    if (slice.what < profile_.layers.size()) frame.selection.select_layer(profile_, slice.what);
  } else if (slice.what < profile_.functions.size()) {
    frame.selection.select_function(profile_, slice.what);
  }
}

void TimelineView::take_over(const View& before) {
  const auto& other = dynamic_cast<const TimelineView&>(before);
  axis_.show_as(other.axis_);
  if (other.chosen_) chosen_ = statistics(profile_, other.chosen_->begin, other.chosen_->end);
}

void TimelineView::draw(Frame& frame) {
  if (lanes_.empty() && curves_.empty()) {
    empty_note(frame,
               "This profile has no timeline: run an ELF with the native engine, which follows calls.");
    return;
  }
  std::string hint = "wheel, W, S zoom; right drag, A, D move; left drag chooses a span; Home shows all.";
  if (profile_.timeline.shortest_slice != 0)
    hint += fmt::format(" Slices under {} cycles are not listed.", grouped(profile_.timeline.shortest_slice));
  empty_note(frame, hint);
  if (!chosen_) {
    ImGui::BeginChild("time");
    draw_lanes(frame, 7 * em());
    ImGui::EndChild();
    return;
  }
  // Its heading, and a line above each list.
  const std::string text = span_text();
  const float wrapped =
      ImGui::CalcTextSize(text.c_str(), nullptr, false, ImGui::GetContentRegionAvail().x).y + 1.5f * em();
  const float statistics_height =
      wrapped + ImGui::GetTextLineHeightWithSpacing() * static_cast<float>(kPartsShown + 1);
  ImGui::BeginChild("time", {0, -statistics_height});
  draw_lanes(frame, 7 * em());
  ImGui::EndChild();
  if (!chosen_) return;  // Escape, just now.
  ImGui::BeginChild("statistics");
  heading(frame, text);
  draw_statistics(frame);
  ImGui::EndChild();
}

void TimelineView::draw_lanes(Frame& frame, float label_width) {
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float right = start.x + ImGui::GetContentRegionAvail().x;
  const float height = 1.35f * em();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Rectangle visible{start.x, ImGui::GetWindowPos().y, right,
                          ImGui::GetWindowPos().y + ImGui::GetWindowHeight()};
  draw_axis(frame, {start.x + label_width, start.y, right, start.y + height});
  float top = start.y + height;
  const auto label = [&](const std::string& text) {
    draw_text_in(list, {start.x, top, start.x + label_width, top + height}, frame.theme.dim_text, text);
  };
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    if (!lanes_[lane].title.empty()) top += 0.3f * em();
    const Rectangle box{start.x + label_width, top, right, top + height};
    if (box.bottom > visible.top && box.top < visible.bottom) {
      label(lanes_[lane].title);
      draw_lane(frame, lane, box);
    }
    top += height;
  }
  for (const Curve& curve : curves_) {
    top += 0.4f * em();
    const Rectangle box{start.x + label_width, top, right, top + 3.5f * em()};
    if (box.bottom > visible.top && box.top < visible.bottom) draw_curve(frame, curve, box);
    top = box.bottom;
  }
  ImGui::Dummy({right - start.x, top - start.y});
  const Rectangle all{start.x + label_width, start.y, right, top};
  frame.landmarks["timeline"] = all;
  const bool is_hovered = ImGui::IsWindowHovered() && ImGui::GetMousePos().x >= all.left;
  navigate(frame, all, is_hovered, axis_);
  choose_span(frame, all, is_hovered);
}

void TimelineView::draw_axis(Frame& frame, const Rectangle& box) {
  const double millisecond = profile_.clock == 0 ? 1 : static_cast<double>(profile_.clock) / 1e3;
  mcusim::viewer::draw_axis(frame, box, axis_, millisecond, [&](double tick) {
    return profile_.clock == 0 ? grouped(static_cast<Cycles>(tick))
                               : fmt::format("{:.6g} ms", tick / millisecond);
  });
}

void TimelineView::draw_lane(Frame& frame, std::size_t lane, const Rectangle& box) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 mouse = ImGui::GetMousePos();
  const bool is_hovered = ImGui::IsWindowHovered() && mouse.y >= box.top && mouse.y < box.bottom;
  for (const LaneBox& part : seen_[lane].of(lanes_[lane], profile_.timeline, axis_, box.right - box.left)) {
    const ImVec2 least{box.left + static_cast<float>(part.left), box.top};
    const ImVec2 most{box.left + static_cast<float>(part.right), box.bottom - 1};
    if (part.slice == LaneBox::kMany) {
      list.AddRectFilled(least, most, frame.theme.merged);
      continue;
    }
    const Slice& slice = profile_.timeline.slices[part.slice];
    const std::string name = name_of(slice);
    const ImU32 colour =
        slice.kind == Slice::Kind::layer ? frame.theme.category(slice.what) : frame.theme.of_name(name);
    list.AddRectFilled(least, most, colour);
    if (is_selected(frame, slice)) list.AddRect(least, most, frame.theme.selected, 0, 0, 0.1f * em());
    draw_text_in(list, {least.x, least.y, most.x, most.y}, frame.theme.text_over(colour), name);
    if (!is_hovered || mouse.x < least.x || mouse.x >= most.x) continue;
    const Cycles cycles = slice.end - slice.begin;
    ImGui::SetTooltip("%s\n%s cycles, %.6g ms", name.c_str(), grouped(cycles).c_str(),
                      profile_.milliseconds(cycles));
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) select(frame, slice);
  }
}

void TimelineView::draw_curve(Frame& frame, const Curve& curve, const Rectangle& box) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({box.left, box.top}, {box.right, box.bottom}, frame.theme.panel);
  const auto width = static_cast<std::size_t>(std::max(1.0f, box.right - box.left));
  const auto values = sampled(curve, profile_.timeline.window_cycles, axis_, width);
  const float room = box.bottom - box.top - 1.2f * em();
  const auto height_at = [&](std::size_t pixel) {
    if (pixel >= values.size() || !values[pixel] || curve.largest <= 0) return 0.0f;
    return std::round(room * static_cast<float>(*values[pixel] / curve.largest));
  };
  // One rectangle for neighbours of the same height.
  for (std::size_t pixel = 0, next = 0; pixel < values.size(); pixel = next) {
    const float height = height_at(pixel);
    for (next = pixel + 1; next < values.size() && height_at(next) == height;) ++next;
    if (height > 0)
      list.AddRectFilled({box.left + static_cast<float>(pixel), box.bottom - height},
                         {box.left + static_cast<float>(next), box.bottom}, frame.theme.bar);
  }
  draw_text_in(list, {box.left, box.top, box.right, box.top + 1.2f * em()}, frame.theme.text,
               fmt::format("{}, up to {:.4g}", curve.name, curve.largest));
}

void TimelineView::choose_span(Frame& frame, const Rectangle& box, bool is_hovered) {
  const double width = box.right - box.left;
  const auto moment = [&](float x) { return std::max(0.0, axis_.to_value(x - box.left, width)); };
  if (is_hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) drag_start_ = moment(frame.input.mouse_x);
  if (drag_start_ && ImGui::IsMouseDragging(ImGuiMouseButton_Left)) {
    chosen_ = statistics(profile_, static_cast<Cycles>(*drag_start_),
                         static_cast<Cycles>(moment(frame.input.mouse_x)));
  }
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) drag_start_.reset();
  if (frame.input.is_pressed(Key::escape)) chosen_.reset();
  if (!chosen_) return;
  const float left = box.left + static_cast<float>(std::clamp(
                                    axis_.to_pixel(static_cast<double>(chosen_->begin), width), 0.0, width));
  const float right = box.left + static_cast<float>(std::clamp(
                                     axis_.to_pixel(static_cast<double>(chosen_->end), width), 0.0, width));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({left, box.top}, {right, box.bottom},
                     (frame.theme.selected & ~IM_COL32_A_MASK) | (0x28u << IM_COL32_A_SHIFT));
  list.AddRect({left, box.top}, {right, box.bottom}, frame.theme.selected);
}

std::string TimelineView::span_text() const {
  const SpanStatistics& span = *chosen_;
  const Cycles cycles = span.end - span.begin;
  std::string text =
      fmt::format("Span of {} cycles, {:.6g} ms", grouped(cycles), profile_.milliseconds(cycles));
  if (span.instructions > 0 && cycles > 0) {
    text += fmt::format(", about {} instructions, {:.2f} per cycle",
                        grouped(static_cast<std::uint64_t>(span.instructions)),
                        span.instructions / static_cast<double>(cycles));
  }
  if (span.largest_stack) text += fmt::format(", stack up to {} B", grouped(*span.largest_stack));
  if (span.largest_heap) text += fmt::format(", heap up to {} B", grouped(*span.largest_heap));
  return text;
}

void TimelineView::draw_statistics(Frame& frame) {
  const SpanStatistics& span = *chosen_;
  const Cycles cycles = span.end - span.begin;
  if (!ImGui::BeginTable("span", 2, ImGuiTableFlags_SizingStretchSame)) return;
  const auto list_parts = [&](const std::vector<SpanStatistics::Part>& parts, Slice::Kind kind,
                              const char* title) {
    ImGui::TableNextColumn();
    dim_text(frame, title);
    for (std::size_t i = 0; i < std::min(parts.size(), kPartsShown); ++i) {
      const Slice named{kind, parts[i].what, 0, 0, 0, 0};
      ImGui::Text("%5s %%  %s", profiler::percent_of(parts[i].cycles, cycles).c_str(),
                  name_of(named).c_str());
    }
  };
  list_parts(span.functions, Slice::Kind::function, "functions, cycles of their own");
  list_parts(span.layers, Slice::Kind::layer, "layers");
  ImGui::EndTable();
}

}  // namespace mcusim::viewer
