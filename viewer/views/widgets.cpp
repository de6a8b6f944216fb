#include "viewer/views/widgets.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "profiler/reports/format.h"
#include "viewer/model/causes.h"

namespace mcusim::viewer {

using profiler::CyclesByCause;
using profiler::Profile;

namespace {

float width_of(std::string_view text) {
  return ImGui::CalcTextSize(text.data(), text.data() + text.size()).x;
}

/// Empty where not even a letter has room.
std::string cut_to(std::string_view text, float room) {
  if (width_of(text) <= room) return std::string(text);
  std::size_t length = text.size();
  const float room_for_letters = room - width_of("..");
  if (room_for_letters <= 0) return "";
  while (length > 0 && width_of(text.substr(0, length)) > room_for_letters) {
    // Letters of equal width would need this many; the loop corrects the guess.
    const auto guess = static_cast<std::size_t>(static_cast<float>(length) * room_for_letters /
                                                width_of(text.substr(0, length)));
    length = std::min(length - 1, guess);
  }
  return length == 0 ? "" : std::string(text.substr(0, length)) + "..";
}

}  // namespace

float em() { return ImGui::GetFontSize(); }

void dim_text(const Frame& frame, std::string_view text) {
  ImGui::PushStyleColor(ImGuiCol_Text, frame.theme.dim_text);
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopStyleColor();
}

void empty_note(const Frame& frame, std::string_view text) {
  ImGui::PushTextWrapPos(0);
  dim_text(frame, text);
  ImGui::PopTextWrapPos();
}

void heading(const Frame& frame, std::string_view text) {
  ImGui::Dummy({0, 0.2f * em()});
  empty_note(frame, text);
  ImGui::Separator();
}

void note_beside(const Frame& frame, std::string_view text) {
  const float end = ImGui::GetItemRectMax().x + ImGui::GetStyle().ItemSpacing.x + width_of(text);
  if (end < ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x) ImGui::SameLine();
  empty_note(frame, text);
}

void mark_item(Frame& frame, std::string name) {
  const ImVec2 least = ImGui::GetItemRectMin(), most = ImGui::GetItemRectMax();
  frame.landmarks[std::move(name)] = {least.x, least.y, most.x, most.y};
}

void draw_cut_text(std::string_view text, float least_room) {
  const std::string cut = cut_to(text, std::max(least_room, ImGui::GetContentRegionAvail().x));
  ImGui::TextUnformatted(cut.c_str());
  if (cut != text && ImGui::IsItemHovered())
    ImGui::SetTooltip("%.*s", static_cast<int>(text.size()), text.data());
}

void draw_text_in(ImDrawList& list, const Rectangle& box, ImU32 colour, std::string_view text) {
  const float room = box.right - box.left - 0.4f * em();
  if (room < em()) return;
  const std::string cut = cut_to(text, room);
  const float top = box.top + 0.5f * (box.bottom - box.top - em());
  list.AddText({box.left + 0.2f * em(), top}, colour, cut.data(), cut.data() + cut.size());
}

void draw_bar(const Frame& frame, double share, float width, std::string_view text) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = 1.4f * em();
  ImGui::Dummy({width, height});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto filled = static_cast<float>(std::clamp(share, 0.0, 1.0)) * width;
  list.AddRectFilled(at, {at.x + width, at.y + height}, frame.theme.panel);
  list.AddRectFilled(at, {at.x + filled, at.y + height}, share > 1 ? frame.theme.warning : frame.theme.bar);
  list.AddRect(at, {at.x + width, at.y + height}, frame.theme.line);
  draw_text_in(list, {at.x, at.y, at.x + width, at.y + height}, frame.theme.text, text);
}

void draw_causes(const Frame& frame, const Profile& profile, const CyclesByCause& stalls, float width,
                 bool with_legend) {
  const Cycles all = std::accumulate(stalls.begin(), stalls.end(), Cycles{0});
  const std::vector<CauseShare> shares = causes_by_cycles(stalls);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = 1.4f * em();
  ImGui::Dummy({width, height});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float left = at.x;
  for (const CauseShare& share : shares) {
    const float right = left + width * static_cast<float>(share.cycles) / static_cast<float>(all);
    const ImU32 colour = frame.theme.category(share.cause);
    list.AddRectFilled({left, at.y}, {right, at.y + height}, colour);
    draw_text_in(list, {left, at.y, right, at.y + height}, frame.theme.text_over(colour),
                 profile.stall_causes[share.cause]);
    left = right;
  }
  if (!with_legend || !ImGui::BeginTable("causes", 4, ImGuiTableFlags_SizingFixedFit)) return;
  for (const CauseShare& share : shares) {
    ImGui::TableNextColumn();
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    list.AddRectFilled({corner.x, corner.y + 0.1f * em()}, {corner.x + 0.8f * em(), corner.y + 0.9f * em()},
                       frame.theme.category(share.cause));
    ImGui::Dummy({em(), em()});
    ImGui::SameLine();
    ImGui::TextUnformatted(profile.stall_causes[share.cause].c_str());
    ImGui::TableNextColumn();
    ImGui::Text("%s %%", profiler::percent_of(share.cycles, all).c_str());
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(profiler::grouped(share.cycles).c_str());
    ImGui::TableNextColumn();
    ImGui::TextUnformatted("cycles");
  }
  ImGui::EndTable();
}

void draw_filter(Frame& frame, const char* id, std::string& text, Table& table, std::string_view hint) {
  const std::string rows = std::to_string(table.rows().size()) + " rows";
  const float spare = ImGui::GetContentRegionAvail().x - width_of(rows) - ImGui::GetStyle().ItemSpacing.x;
  ImGui::SetNextItemWidth(std::clamp(spare, 4 * em(), 16 * em()));
  ImGui::PushID(id);
  if (ImGui::InputTextWithHint("##filter", std::string(hint).c_str(), &text)) table.filter(text);
  ImGui::PopID();
  mark_item(frame, std::string(id) + "/filter");
  ImGui::SameLine();
  dim_text(frame, rows);
}

void draw_bar_cell(const Frame& frame, double share, std::string_view text, ImU32 colour) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float spare = width - ImGui::CalcTextSize(text.data(), text.data() + text.size()).x;
  if (spare > 0) ImGui::SetCursorPosX(ImGui::GetCursorPosX() + spare);
  const ImVec2 start = ImGui::GetCursorScreenPos();
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  if (share <= 0) return;
  // The bar covers what it overlaps, and that stands on it again in a colour that is read there.
  if (colour == 0) colour = frame.theme.bar;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 end{at.x + static_cast<float>(std::min(share, 1.0)) * width, at.y + em()};
  list.AddRectFilled(at, end, colour);
  if (start.x >= end.x) return;
  list.PushClipRect(at, {end.x, end.y + 0.3f * em()}, true);
  list.AddText(start, frame.theme.text_over(colour), text.data(), text.data() + text.size());
  list.PopClipRect();
}

namespace {

void draw_cell(const Frame& frame, const Table& table, std::size_t row, std::size_t column, TableFit fit) {
  const Column& what = table.columns()[column];
  const std::string text = what.text(row);
  if (what.value) {
    draw_bar_cell(frame, what.bar ? table.share(row, column) : 0, text);
  } else if (fit == TableFit::two_columns) {
    draw_cut_text(text);
  } else {
    // The column becomes as wide as this. Names of layers may be those of all that was fused into them.
    constexpr float kWidestTextEms = 14;
    draw_cut_text(text, kWidestTextEms * em());
  }
}

void take_sort_order(Table& table) {
  ImGuiTableSortSpecs* order = ImGui::TableGetSortSpecs();
  if (order == nullptr || !order->SpecsDirty) return;
  if (order->SpecsCount > 0) {
    table.sort(static_cast<std::size_t>(order->Specs[0].ColumnIndex),
               order->Specs[0].SortDirection == ImGuiSortDirection_Descending);
  }
  order->SpecsDirty = false;
}

void draw_headers(Frame& frame, const char* id, const Table& table) {
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
  for (std::size_t i = 0; i < table.columns().size(); ++i) {
    if (!ImGui::TableSetColumnIndex(static_cast<int>(i))) continue;
    ImGui::TableHeader(table.columns()[i].name.c_str());
    mark_item(frame, std::string(id) + "/" + table.columns()[i].name);
  }
}

}  // namespace

std::optional<std::size_t> draw_table(Frame& frame, const char* id, Table& table,
                                      std::optional<std::size_t> selected, ImVec2 size, TableFit fit) {
  constexpr ImGuiTableFlags kFlags =
      ImGuiTableFlags_Sortable | ImGuiTableFlags_SortTristate | ImGuiTableFlags_Resizable |
      ImGuiTableFlags_Reorderable | ImGuiTableFlags_Hideable | ImGuiTableFlags_RowBg |
      ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersInnerV | ImGuiTableFlags_SizingFixedFit;
  const bool scrolls = fit == TableFit::scrolls;
  const auto columns = static_cast<int>(table.columns().size());
  if (!ImGui::BeginTable(id, columns, kFlags | (scrolls ? ImGuiTableFlags_ScrollX : 0), size))
    return std::nullopt;
  for (int i = 0; i < columns; ++i) {
    const Column& column = table.columns()[static_cast<std::size_t>(i)];
    ImGuiTableColumnFlags flags =
        column.value ? ImGuiTableColumnFlags_PreferSortDescending : ImGuiTableColumnFlags_None;
    if (!scrolls && i == 0) flags |= ImGuiTableColumnFlags_WidthStretch;
    if (!scrolls && i > 1) flags |= ImGuiTableColumnFlags_DefaultHide;
    // Its name has room for the arrow that shows the order.
    const float bar_width = std::max(6.5f * em(), width_of(column.name) + em());
    ImGui::TableSetupColumn(column.name.c_str(), flags, column.bar ? bar_width : 0);
  }
  ImGui::TableSetupScrollFreeze(0, 1);
  take_sort_order(table);
  draw_headers(frame, id, table);
  std::optional<std::size_t> chosen;
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(table.rows().size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const std::size_t row = table.rows()[static_cast<std::size_t>(i)];
      ImGui::TableNextRow();
      ImGui::TableSetColumnIndex(0);
      ImGui::PushID(static_cast<int>(row));
      if (ImGui::Selectable("##row", row == selected,
                            ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowItemOverlap)) {
        chosen = row;
      }
      mark_item(frame, std::string(id) + "/row " + std::to_string(row));
      ImGui::SameLine(0, 0);
      for (int column = 0; column < columns; ++column)
        if (ImGui::TableSetColumnIndex(column))
          draw_cell(frame, table, row, static_cast<std::size_t>(column), fit);
      ImGui::PopID();
    }
  }
  ImGui::EndTable();
  return chosen;
}

void draw_axis(const Frame& frame, const Rectangle& box, const Axis& axis, double unit,
               const std::function<std::string(double)>& text_of) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float width = box.right - box.left, least_distance = 9 * em();
  float written = box.left;  // Up to here.
  for (const double tick : axis.ticks(static_cast<int>(width / least_distance), unit)) {
    const float x = box.left + static_cast<float>(axis.to_pixel(tick, width));
    list.AddLine({x, box.top}, {x, box.bottom}, frame.theme.line);
    const std::string text = text_of(tick);
    const float length = ImGui::CalcTextSize(text.c_str()).x + 0.5f * em();
    // Right of its mark, the last one left of it.
    const float left = x + length <= box.right ? x : x - length;
    if (left < written) continue;
    written = left + length;
    list.AddText({left + 0.2f * em(), box.top + 0.5f * (box.bottom - box.top - em())}, frame.theme.dim_text,
                 text.c_str());
  }
}

void navigate(const Frame& frame, const Rectangle& box, bool is_hovered, Axis& axis) {
  const Input& input = frame.input;
  const double width = box.right - box.left;
  if (is_hovered && input.wheel != 0)
    axis.zoom(std::pow(1.25, input.wheel), axis.to_value(input.mouse_x - box.left, width));
  if (is_hovered && ImGui::IsMouseDragging(ImGuiMouseButton_Right, 0))
    axis.pan(-ImGui::GetIO().MouseDelta.x / width * axis.span());
  if (ImGui::GetIO().WantTextInput || input.ctrl) return;
  const double middle = axis.begin() + axis.span() / 2;
  // A second of holding the key zooms by eight or moves by one and a half screens.
  if (input.is_down(Key::w)) axis.zoom(std::pow(8, input.seconds), middle);
  if (input.is_down(Key::s)) axis.zoom(std::pow(8, -input.seconds), middle);
  if (input.is_down(Key::a)) axis.pan(-1.5 * input.seconds * axis.span());
  if (input.is_down(Key::d)) axis.pan(1.5 * input.seconds * axis.span());
  if (input.is_pressed(Key::home)) axis.show_all();
}

void splitter(const char* id, bool side_by_side, float& share) {
  // Called between the two parts: the item is the gap itself.
  const ImVec2 room = ImGui::GetWindowContentRegionMax();
  const float whole = side_by_side ? room.x : room.y;
  if (side_by_side) ImGui::SameLine(0, 0);
  ImGui::InvisibleButton(id, side_by_side ? ImVec2(0.5f * em(), -1) : ImVec2(-1, 0.5f * em()));
  if (ImGui::IsItemHovered() || ImGui::IsItemActive())
    ImGui::SetMouseCursor(side_by_side ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
  if (ImGui::IsItemActive()) {
    const ImVec2 moved = ImGui::GetIO().MouseDelta;
    share = std::clamp(share + (side_by_side ? moved.x : moved.y) / whole, 0.1f, 0.9f);
  }
  if (side_by_side) ImGui::SameLine(0, 0);
}

}  // namespace mcusim::viewer
