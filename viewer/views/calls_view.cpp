#include "viewer/views/calls_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "profiler/reports/format.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {

using profiler::grouped;
using profiler::percent_of;

CallsView::CallsView(const profiler::Profile& profile)
    : profile_(profile), top_down_(CallTree::top_down(profile)), bottom_up_(CallTree::bottom_up(profile)) {}

std::string CallsView::name_of(std::uint32_t node) const {
  return node == 0 ? "all" : profile_.functions[tree().nodes()[node].function].name;
}

void CallsView::take_over(const View& before) {
  const auto& other = dynamic_cast<const CallsView&>(before);
  is_bottom_up_ = other.is_bottom_up_;
  share_ = other.share_;
  std::vector<std::string> path;
  for (std::uint32_t node = other.focus_; node != 0; node = other.tree().nodes()[node].parent)
    path.push_back(other.name_of(node));
  focus_ = 0;
  for (; !path.empty(); path.pop_back()) {
    const auto& children = tree().nodes()[focus_].children;
    const auto same =
        std::ranges::find_if(children, [&](std::uint32_t child) { return name_of(child) == path.back(); });
    if (same == children.end()) break;
    focus_ = *same;
  }
}

void CallsView::draw(Frame& frame) {
  if (profile_.call_paths.empty()) {
    empty_note(frame, "This profile tells no calls: run an ELF with the native engine, which follows them.");
    return;
  }
  const bool was_bottom_up = is_bottom_up_;
  if (ImGui::RadioButton("Callees below their callers", !is_bottom_up_)) is_bottom_up_ = false;
  ImGui::SameLine();
  if (ImGui::RadioButton("Callers below their callees", is_bottom_up_)) is_bottom_up_ = true;
  mark_item(frame, "calls/bottom up");
  if (is_bottom_up_ != was_bottom_up) focus_ = 0;
  if (focus_ != 0) {
    ImGui::SameLine();
    if (ImGui::Button("Show all") || frame.input.is_pressed(Key::home)) focus_ = 0;
  } else {
    note_beside(frame, "a click selects a function, a double click fills the width with it");
  }
  const ImVec2 room = ImGui::GetContentRegionAvail();
  ImGui::BeginChild("flames", {0, room.y * share_});
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_flames(frame, {at.x, at.y, at.x + ImGui::GetContentRegionAvail().x, at.y});
  ImGui::EndChild();
  splitter("split", false, share_);
  draw_rows(frame);
}

void CallsView::draw_flames(Frame& frame, const Rectangle& box) {
  const auto& nodes = tree().nodes();
  const float height = 1.4f * em();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 mouse = ImGui::GetMousePos();
  const bool is_hovered = ImGui::IsWindowHovered();
  std::uint32_t deepest = 0, new_focus = focus_;
  for (const FlameBox& flame : flame_graph(tree(), focus_, box.right - box.left)) {
    const float left = box.left + static_cast<float>(flame.left);
    const float top = box.top + height * static_cast<float>(flame.depth);
    const Rectangle place{left, top, left + static_cast<float>(flame.width), top + height};
    deepest = std::max(deepest, flame.depth);
    const std::string name = name_of(flame.node);
    const ImU32 colour = flame.node == 0 ? frame.theme.merged : frame.theme.of_name(name);
    list.AddRectFilled({place.left, place.top}, {place.right, place.bottom}, colour);
    list.AddRect({place.left, place.top}, {place.right, place.bottom}, frame.theme.background);
    const CallTree::Node& node = nodes[flame.node];
    if (flame.node != 0 && frame.selection.function() == node.function)
      list.AddRect({place.left, place.top}, {place.right, place.bottom}, frame.theme.selected, 0, 0,
                   0.15f * em());
    draw_text_in(list, place, frame.theme.text_over(colour), name);
    frame.landmarks["calls/" + name] = place;
    const bool is_under_mouse = is_hovered && mouse.x >= place.left && mouse.x < place.right &&
                                mouse.y >= place.top && mouse.y < place.bottom;
    if (!is_under_mouse) continue;
    ImGui::SetTooltip("%s\n%s cycles, %s %% of all\n%s of its own, %s calls", name.c_str(),
                      grouped(node.total).c_str(), percent_of(node.total, nodes[0].total).c_str(),
                      grouped(node.self).c_str(), grouped(node.calls).c_str());
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && flame.node != 0)
      frame.selection.select_function(profile_, node.function);
    if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) new_focus = flame.node;
  }
  focus_ = new_focus;
  ImGui::Dummy({box.right - box.left, height * static_cast<float>(deepest + 1)});
}

void CallsView::draw_rows(Frame& frame) {
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY |
                                     ImGuiTableFlags_BordersInnerV | ImGuiTableFlags_Resizable;
  if (!ImGui::BeginTable("tree", 5, kFlags)) return;
  // Names take what the numbers leave.
  const float number = std::clamp(ImGui::GetContentRegionAvail().x / 9, 4.2f * em(), 8 * em());
  ImGui::TableSetupColumn("function", ImGuiTableColumnFlags_WidthStretch);
  ImGui::TableSetupColumn("total %", ImGuiTableColumnFlags_WidthFixed, number);
  for (const char* name : {"total cycles", "self cycles"})
    ImGui::TableSetupColumn(name, ImGuiTableColumnFlags_WidthFixed, std::max(number, 6 * em()));
  ImGui::TableSetupColumn("calls", ImGuiTableColumnFlags_WidthFixed, number);
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableHeadersRow();
  ImGui::PushID(is_bottom_up_);
  for (const std::uint32_t child : tree().nodes()[0].children) draw_row(frame, child);
  ImGui::PopID();
  ImGui::EndTable();
}

void CallsView::draw_row(Frame& frame, std::uint32_t index) {
  const CallTree::Node& node = tree().nodes()[index];
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGuiTreeNodeFlags flags = ImGuiTreeNodeFlags_SpanFullWidth | ImGuiTreeNodeFlags_OpenOnArrow;
  if (node.children.empty()) flags |= ImGuiTreeNodeFlags_Leaf;
  if (frame.selection.function() == node.function) flags |= ImGuiTreeNodeFlags_Selected;
  // Opens along what costs most.
  const Cycles all = tree().nodes()[0].total;
  ImGui::SetNextItemOpen(!is_bottom_up_ && node.total * 5 > all && node.depth < 12, ImGuiCond_Once);
  const std::string name = name_of(index);
  const float room = ImGui::GetContentRegionAvail().x - ImGui::GetTreeNodeToLabelSpacing();
  const bool is_open = ImGui::TreeNodeEx(reinterpret_cast<void*>(static_cast<std::uintptr_t>(index)), flags,
                                         "%s", name.c_str());
  if (ImGui::CalcTextSize(name.c_str()).x > room && ImGui::IsItemHovered())
    ImGui::SetTooltip("%s", name.c_str());
  if (ImGui::IsItemClicked()) frame.selection.select_function(profile_, node.function);
  ImGui::TableNextColumn();
  draw_bar_cell(frame, all == 0 ? 0 : static_cast<double>(node.total) / static_cast<double>(all),
                percent_of(node.total, all));
  for (const std::uint64_t number : {node.total, node.self, node.calls}) {
    ImGui::TableNextColumn();
    draw_bar_cell(frame, 0, grouped(number));
  }
  if (!is_open) return;
  // Depth is bounded by what a reader opens.
  for (const std::uint32_t child : node.children) draw_row(frame, child);
  ImGui::TreePop();
}

}  // namespace mcusim::viewer
