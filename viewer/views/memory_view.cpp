#include "viewer/views/memory_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "profiler/reports/format.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {

using profiler::AddressSpan;
using profiler::grouped;

MemoryView::MemoryView(const profiler::Profile& profile)
    : profile_(profile),
      accesses_(cached_accesses(profile)),
      symbols_(symbol_table(profile)),
      tensors_(tensor_map(profile)),
      shows_tensors_(!tensors_.boxes.empty()) {
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
  if (!tensors_.boxes.empty()) shows_tensors_ = other.shows_tensors_;
  for (std::size_t i = 0; i < std::min(regions_.size(), other.regions_.size()); ++i)
    regions_[i].axis.show_as(other.regions_[i].axis);
}

void MemoryView::draw(Frame& frame) {
  if (regions_.empty()) {
    empty_note(frame, "This profile tells no memories: run it again with this version of mcusim.");
    return;
  }
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float region_ems = accesses_.empty() ? 5 : 6.4f;
  const float needed = region_ems * em() * static_cast<float>(regions_.size());
  ImGui::BeginChild("map", {0, std::min(room.y * share_, needed)});
  for (ShownRegion& shown : regions_) draw_region(frame, shown);
  ImGui::EndChild();
  splitter("split", false, share_);
  if (!tensors_.boxes.empty()) {
    if (ImGui::RadioButton("Tensors over the layers", shows_tensors_)) shows_tensors_ = true;
    mark_item(frame, "memory/tensors");
    ImGui::SameLine();
    if (ImGui::RadioButton("Symbols", !shows_tensors_)) shows_tensors_ = false;
    mark_item(frame, "memory/symbols");
    ImGui::SameLine(0, 2 * em());
  }
  shows_tensors_ ? draw_tensors(frame) : draw_symbols(frame);
}

void MemoryView::draw_symbols(Frame& frame) {
  draw_filter(frame, "symbols", filter_, symbols_, "filter by name, memory, kind");
  if (const auto chosen = draw_table(frame, "symbols", symbols_, std::nullopt)) {
    // Rows are of symbols, not of functions: the address leads to the function, if it was executed.
    const std::string address = symbols_.columns()[2].text(*chosen);
    frame.selection.select_address(profile_, static_cast<Address>(std::stoul(address, nullptr, 16)));
  }
}

void MemoryView::draw_tensors(Frame& frame) {
  const auto busiest = std::ranges::max_element(tensors_.live);
  dim_text(frame, fmt::format("{} B in all, {} B live at once at most", grouped(tensors_.high - tensors_.low),
                              grouped(*busiest)));
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  const float label = 1.3f * em();
  const Rectangle box{at.x, at.y, at.x + room.x, std::max(at.y + 4 * em(), at.y + room.y - label)};
  ImGui::Dummy({room.x, box.bottom + label - at.y});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({box.left, box.top}, {box.right, box.bottom}, frame.theme.panel);
  const float column = (box.right - box.left) / static_cast<float>(tensors_.columns);
  const auto y = [&](std::uint64_t address) {
    return box.bottom - (box.bottom - box.top) * static_cast<float>(address - tensors_.low) /
                            static_cast<float>(tensors_.high - tensors_.low);
  };
  for (const TensorBox& tensor : tensors_.boxes)
    draw_tensor(frame, tensor,
                {box.left + column * static_cast<float>(tensor.column), y(tensor.high),
                 box.left + column * static_cast<float>(tensor.end), y(tensor.low)});
  for (std::size_t i = 0; i < tensors_.columns; ++i) {
    const float left = box.left + column * static_cast<float>(i);
    const auto layer = tensors_.layer_of(i);
    const bool is_narrow = column < 5 * em();
    std::string name = i == 0 ? (is_narrow ? "in" : "before") : (is_narrow ? "out" : "after");
    if (layer) name = std::to_string(profile_.layers[*layer].layer.index);
    if (layer && !is_narrow) name += " " + profile_.layers[*layer].layer.op;
    draw_text_in(list, {left, box.bottom, left + column, box.bottom + label}, frame.theme.dim_text, name);
    if (layer && layer == frame.selection.layer())
      list.AddRect({left, box.top}, {left + column, box.bottom}, frame.theme.selected, 0, 0, 0.12f * em());
  }
}

void MemoryView::draw_tensor(Frame& frame, const TensorBox& tensor, const Rectangle& place) {
  const profiler::ActivationProfile& activation = profile_.activations[tensor.activation];
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImU32 colour = frame.theme.of_name(activation.span.name);
  list.AddRectFilled({place.left, place.top}, {place.right, place.bottom}, colour);
  list.AddRect({place.left, place.top}, {place.right, place.bottom}, frame.theme.background);
  if (place.bottom - place.top > em())
    draw_text_in(list, place, frame.theme.text_over(colour),
                 fmt::format("{}  {} B", activation.span.name, grouped(activation.span.size)));
  frame.landmarks["tensor/" + std::to_string(tensor.activation)] = place;
  const ImVec2 mouse = ImGui::GetMousePos();
  if (!ImGui::IsWindowHovered() || mouse.x < place.left || mouse.x >= place.right || mouse.y < place.top ||
      mouse.y >= place.bottom)
    return;
  ImGui::SetTooltip("%s\n%s %s\n0x%08x, %s bytes", activation.span.name.c_str(), activation.type.c_str(),
                    fmt::format("{}", fmt::join(activation.shape, "x")).c_str(), activation.span.begin,
                    grouped(activation.span.size).c_str());
  const auto computes = tensors_.layer_of(tensor.column);
  if (computes && ImGui::IsMouseClicked(ImGuiMouseButton_Left))
    frame.selection.select_layer(profile_, *computes);
}

void MemoryView::draw_region(Frame& frame, ShownRegion& shown) {
  const profiler::MemoryRegionUse& use = *shown.region.use;
  std::string text = fmt::format("{} ({}), 0x{:08x}, {} B: {} B ({} %) by the image", use.span.name, use.kind,
                                 use.span.begin, grouped(use.span.size), grouped(use.used),
                                 profiler::percent_of(use.used, use.span.size));
  if (use.peak)
    text += fmt::format(", {} B ({} %) with stack and heap", grouped(*use.peak),
                        profiler::percent_of(*use.peak, use.span.size));
  ImGui::TextWrapped("%s", text.c_str());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float row = 1.4f * em();
  const bool shows_heat = !shown.region.heat.empty();
  const float rows = shows_heat ? 3 : 2;
  const Rectangle box{at.x, at.y, at.x + ImGui::GetContentRegionAvail().x, at.y + rows * row};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  ImGui::PushID(use.span.name.c_str());
  ImGui::InvisibleButton("region", {box.right - box.left, box.bottom - box.top},
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight);
  const bool is_hovered = ImGui::IsItemHovered();
  mark_item(frame, "memory/" + use.span.name);
  ImGui::PopID();
  list.AddRectFilled({box.left, box.top}, {box.right, box.bottom}, frame.theme.panel);
  const auto line = [&](float i) {
    return Rectangle{box.left, box.top + i * row, box.right, box.top + (i + 1) * row};
  };
  draw_spans(frame, shown.region.segments, {}, shown.axis, line(0));
  draw_spans(frame, shown.region.symbols, {}, shown.axis, line(1));
  if (shows_heat) draw_spans(frame, shown.region.symbols, shown.region.heat, shown.axis, line(2));
  list.AddRect({box.left, box.top}, {box.right, box.bottom}, frame.theme.line);
  // Keys move the memory that the mouse points at.
  if (is_hovered) navigate(frame, box, true, shown.axis);
  ImGui::Dummy({0, 0.4f * em()});
}

void MemoryView::draw_spans(Frame& frame, const std::vector<AddressSpan>& spans,
                            const std::vector<double>& heat, const Axis& axis, const Rectangle& box) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 mouse = ImGui::GetMousePos();
  for (const MapBox& part : visible_spans(spans, axis, box.right - box.left)) {
    const Rectangle place{box.left + static_cast<float>(part.left), box.top,
                          box.left + static_cast<float>(part.right), box.bottom - 1};
    if (part.span == MapBox::kMany) {
      if (!heat.empty()) continue;  // The row above shows that something is there.
      list.AddRectFilled({place.left, place.top}, {place.right, place.bottom}, frame.theme.merged);
      continue;
    }
    const AddressSpan& span = spans[part.span];
    if (!heat.empty() && heat[part.span] == 0) continue;
    const ImU32 colour = heat.empty() ? frame.theme.of_name(span.name) : frame.theme.heat(heat[part.span]);
    list.AddRectFilled({place.left, place.top}, {place.right, place.bottom}, colour);
    if (place.right - place.left > 3)
      list.AddRect({place.left, place.top}, {place.right, place.bottom}, frame.theme.background);
    if (heat.empty()) draw_text_in(list, place, frame.theme.text_over(colour), span.name);
    if (!ImGui::IsWindowHovered() || mouse.x < place.left || mouse.x >= place.right || mouse.y < place.top ||
        mouse.y >= place.bottom)
      continue;
    std::string tip = fmt::format("{}\n0x{:08x}, {} bytes", span.name, span.begin, grouped(span.size));
    if (const auto found = accesses_.find(span.name); found != accesses_.end())
      tip += fmt::format("\n{} cached accesses, {} misses", grouped(found->second.accesses),
                         grouped(found->second.misses));
    ImGui::SetTooltip("%s", tip.c_str());
  }
}

}  // namespace mcusim::viewer
