#include "viewer/views/memory_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "profiler/reports/format.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {

using profiler::AddressSpan;
using profiler::grouped;

MemoryView::MemoryView(const profiler::Profile& profile)
    : profile_(profile), symbols_(symbol_table(profile)) {
  constexpr double kLeastBytes = 16;
  for (MappedRegion& region : memory_map(profile)) {
    const AddressSpan& span = region.use->span;
    const double begin = span.begin;
    regions_.push_back({std::move(region), Axis(begin, begin + static_cast<double>(span.size), kLeastBytes)});
  }
  constexpr std::size_t kBytes = 1;
  symbols_.sort(kBytes, true);
}

void MemoryView::take_over(const View& before) {
  const auto& other = dynamic_cast<const MemoryView&>(before);
  filter_ = other.filter_;
  symbols_.arrange_like(other.symbols_);
  share_ = other.share_;
  for (std::size_t i = 0; i < std::min(regions_.size(), other.regions_.size()); ++i)
    regions_[i].axis.show_as(other.regions_[i].axis);
}

void MemoryView::draw(Frame& frame) {
  if (regions_.empty()) {
    empty_note(frame, "This profile tells no memories: run it again with this version of mcusim.");
    return;
  }
  const ImVec2 room = ImGui::GetContentRegionAvail();
  ImGui::BeginChild("map", {0, room.y * share_});
  for (ShownRegion& shown : regions_) draw_region(frame, shown);
  ImGui::EndChild();
  splitter("split", false, share_);
  draw_filter(frame, "symbols", filter_, symbols_, "filter by name, memory, kind");
  if (const auto chosen = draw_table(frame, "symbols", symbols_, std::nullopt)) {
    // Rows are of symbols, not of functions: the address leads to the function, if it was executed.
    const std::string address = symbols_.columns()[2].text(*chosen);
    frame.selection.select_address(profile_, static_cast<Address>(std::stoul(address, nullptr, 16)));
  }
}

void MemoryView::draw_region(Frame& frame, ShownRegion& shown) {
  const profiler::MemoryRegionUse& use = *shown.region.use;
  std::string text = fmt::format("{} ({}), 0x{:08x}, {} B: {} B ({} %) by the image", use.span.name, use.kind,
                                 use.span.begin, grouped(use.span.size), grouped(use.used),
                                 profiler::percent_of(use.used, use.span.size));
  if (use.peak)
    text += fmt::format(", {} B ({} %) with stack and heap", grouped(*use.peak),
                        profiler::percent_of(*use.peak, use.span.size));
  ImGui::TextUnformatted(text.c_str());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float row = 1.4f * em();
  const Rectangle box{at.x, at.y, at.x + ImGui::GetContentRegionAvail().x, at.y + 2 * row};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  ImGui::PushID(use.span.name.c_str());
  ImGui::InvisibleButton("region", {box.right - box.left, box.bottom - box.top},
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight);
  const bool is_hovered = ImGui::IsItemHovered();
  mark_item(frame, "memory/" + use.span.name);
  ImGui::PopID();
  list.AddRectFilled({box.left, box.top}, {box.right, box.bottom}, frame.theme.panel);
  draw_spans(frame, shown.region.segments, shown.axis, {box.left, box.top, box.right, box.top + row});
  draw_spans(frame, shown.region.symbols, shown.axis, {box.left, box.top + row, box.right, box.bottom});
  list.AddRect({box.left, box.top}, {box.right, box.bottom}, frame.theme.line);
  // Keys move the memory that the mouse points at.
  if (is_hovered) navigate(frame, box, true, shown.axis);
  ImGui::Dummy({0, 0.4f * em()});
}

void MemoryView::draw_spans(Frame& frame, const std::vector<AddressSpan>& spans, const Axis& axis,
                            const Rectangle& box) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 mouse = ImGui::GetMousePos();
  for (const MapBox& part : visible_spans(spans, axis, box.right - box.left)) {
    const Rectangle place{box.left + static_cast<float>(part.left), box.top,
                          box.left + static_cast<float>(part.right), box.bottom - 1};
    if (part.span == MapBox::kMany) {
      list.AddRectFilled({place.left, place.top}, {place.right, place.bottom}, frame.theme.merged);
      continue;
    }
    const AddressSpan& span = spans[part.span];
    list.AddRectFilled({place.left, place.top}, {place.right, place.bottom}, frame.theme.of_name(span.name));
    if (place.right - place.left > 3)
      list.AddRect({place.left, place.top}, {place.right, place.bottom}, frame.theme.background);
    draw_text_in(list, place, frame.theme.text_on_box, span.name);
    if (!ImGui::IsWindowHovered() || mouse.x < place.left || mouse.x >= place.right || mouse.y < place.top ||
        mouse.y >= place.bottom)
      continue;
    ImGui::SetTooltip("%s\n0x%08x, %s bytes", span.name.c_str(), span.begin, grouped(span.size).c_str());
  }
}

}  // namespace mcusim::viewer
