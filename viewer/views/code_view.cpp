#include "viewer/views/code_view.h"

#include <fmt/format.h>
#include <imgui_stdlib.h>

#include <algorithm>

#include "profiler/reports/format.h"
#include "viewer/model/layer_table.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {

using profiler::grouped;
using profiler::InstructionProfile;

namespace {

constexpr ImGuiTableFlags kCodeTable =
    ImGuiTableFlags_ScrollY | ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_BordersInnerV;
constexpr float kLeastWidthEms = 50;          ///< Of source and instructions beside each other.
constexpr float kLeastWidthWithListEms = 70;  ///< Of all, with the list of functions beside them.

}  // namespace

CodeView::CodeView(const profiler::Profile& profile)
    : profile_(profile), functions_(function_table(profile)) {
  constexpr std::size_t kSelfCycles = 1;
  functions_.sort(kSelfCycles, true);
}

void CodeView::take_over(const View& before) {
  const auto& other = dynamic_cast<const CodeView&>(before);
  filter_ = other.filter_;
  search_ = other.search_;
  functions_.arrange_like(other.functions_);
  function_share_ = other.function_share_;
  source_share_ = other.source_share_;
}

void CodeView::draw(Frame& frame) {
  if (profile_.functions.empty()) {
    empty_note(frame,
               "This profile tells no functions: run an ELF with the native engine, which follows calls.");
    return;
  }
  const std::optional<std::size_t> selected = frame.selection.function();
  if (selected != shown_) {
    shown_ = selected;
    code_ = selected ? code_of(profile_, *selected) : FunctionCode{};
    scroll_to_.reset();
  }
  const float width = ImGui::GetContentRegionAvail().x;
  if (width > kLeastWidthWithListEms * em()) {
    ImGui::BeginChild("functions", {width * function_share_, 0});
    draw_functions(frame, {0, 0});
    ImGui::EndChild();
    splitter("split functions", true, function_share_);
  } else {
    draw_function_choice(frame);
  }
  ImGui::BeginChild("code");
  // Where there is no room beside each other they stand below each other.
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const bool side_by_side = room.x > kLeastWidthEms * em();
  ImGui::BeginChild("source",
                    side_by_side ? ImVec2(room.x * source_share_, 0) : ImVec2(0, room.y * source_share_));
  draw_source(frame);
  ImGui::EndChild();
  splitter("split code", side_by_side, source_share_);
  ImGui::BeginChild("instructions");
  draw_instructions(frame);
  ImGui::EndChild();
  ImGui::EndChild();
}

bool CodeView::draw_functions(Frame& frame, ImVec2 size) {
  draw_filter(frame, "functions", filter_, functions_, "filter by name");
  const auto chosen =
      draw_table(frame, "functions", functions_, frame.selection.function(), size, TableFit::two_columns);
  if (chosen) frame.selection.select_function(profile_, *chosen);
  return chosen.has_value();
}

/// The list, to be opened where it cannot stand beside the code.
void CodeView::draw_function_choice(Frame& frame) {
  const char* const name = shown_ ? profile_.functions[*shown_].name.c_str() : "choose a function";
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
  const bool is_open = ImGui::BeginCombo("##function", name, ImGuiComboFlags_HeightLargest);
  mark_item(frame, "code/choose function");
  if (!is_open) return;
  if (draw_functions(frame, {0, 14 * em()})) ImGui::CloseCurrentPopup();
  ImGui::EndCombo();
}

void CodeView::draw_source(Frame& frame) {
  if (!shown_) {
    empty_note(frame, "Choose a function.");
    return;
  }
  dim_text(frame, code_.file.empty() ? profile_.functions[*shown_].name : code_.file);
  if (code_.lines.empty()) {
    empty_note(frame, "No source lines are known of this function: compile it with -g.");
    return;
  }
  if (!code_.file_was_found)
    empty_note(frame,
               "The file is not where the compiler saw it: open the profile where the program was built.");
  if (!ImGui::BeginTable("lines", 3, kCodeTable | ImGuiTableFlags_ScrollX)) return;
  ImGui::TableSetupColumn("cycles", ImGuiTableColumnFlags_WidthFixed, 6 * em());
  ImGui::TableSetupColumn("line");
  ImGui::TableSetupColumn("source");
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableHeadersRow();
  unsigned selected_line = 0;
  for (const CodeRow& row : code_.instructions)
    if (row.instruction->address == frame.selection.address()) selected_line = row.line;
  ImGui::PushFont(frame.fonts.fixed);
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(code_.lines.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      draw_source_row(frame, code_.lines[static_cast<std::size_t>(i)], selected_line);
    }
  }
  ImGui::PopFont();
  ImGui::EndTable();
}

void CodeView::draw_source_row(Frame& frame, const SourceRow& row, unsigned selected_line) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::PushID(static_cast<int>(row.line));
  const ImVec2 start = ImGui::GetCursorPos();
  const bool is_clicked =
      ImGui::Selectable("##line", row.line == selected_line, ImGuiSelectableFlags_SpanAllColumns);
  mark_item(frame, "code/line " + std::to_string(row.line));
  ImGui::PopID();
  if (const auto first = code_.first_of_line(row.line); is_clicked && first) {
    frame.selection.select_address(profile_, code_.instructions[*first].instruction->address);
    scroll_to_ = first;
  }
  ImGui::SetCursorPos(start);
  draw_bar_cell(frame, row.heat, row.cycles == 0 ? "" : grouped(row.cycles), frame.theme.heat(row.heat));
  ImGui::TableNextColumn();
  draw_bar_cell(frame, 0, std::to_string(row.line));
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(row.text.c_str());
}

void CodeView::draw_search(Frame& frame) {
  ImGui::SetNextItemWidth(14 * em());
  const bool is_asked = ImGui::InputTextWithHint("##search", "find: address, mnemonic..", &search_,
                                                 ImGuiInputTextFlags_EnterReturnsTrue);
  mark_item(frame, "code/search");
  if (!is_asked || search_.empty()) return;
  std::size_t from = 0;
  for (std::size_t i = 0; i < code_.instructions.size(); ++i)
    if (code_.instructions[i].instruction->address == frame.selection.address()) from = i + 1;
  if (const auto found = code_.find(search_, from)) {
    frame.selection.select_address(profile_, code_.instructions[*found].instruction->address);
    scroll_to_ = found;
  }
}

void CodeView::draw_instructions(Frame& frame) {
  if (code_.instructions.empty()) {
    empty_note(frame, "No instruction counts are in this profile: run with the native engine.");
    return;
  }
  draw_search(frame);
  if (!ImGui::BeginTable(
          "instructions", 7,
          kCodeTable | ImGuiTableFlags_Resizable | ImGuiTableFlags_Hideable | ImGuiTableFlags_Reorderable))
    return;
  ImGui::TableSetupColumn("cycles", ImGuiTableColumnFlags_WidthFixed, 6 * em());
  // A click on a heading with the right button shows what there is no room for.
  ImGui::TableSetupColumn("count", ImGuiTableColumnFlags_WidthFixed | ImGuiTableColumnFlags_DefaultHide,
                          5.5f * em());
  for (const char* name : {"each", "worst stall, %", "line", "address"}) ImGui::TableSetupColumn(name);
  ImGui::TableSetupColumn("instruction", ImGuiTableColumnFlags_WidthStretch);
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableHeadersRow();
  ImGui::PushFont(frame.fonts.fixed);
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(code_.instructions.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      draw_instruction(frame, code_.instructions[static_cast<std::size_t>(i)]);
  }
  if (scroll_to_) {
    const float row_height = em() + 2 * ImGui::GetStyle().CellPadding.y;
    ImGui::SetScrollY(
        std::max(0.0f, row_height * static_cast<float>(*scroll_to_) - ImGui::GetWindowHeight() / 2));
    scroll_to_.reset();
  }
  ImGui::PopFont();
  ImGui::EndTable();
}

void CodeView::draw_instruction(Frame& frame, const CodeRow& row) {
  const InstructionProfile& instruction = *row.instruction;
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::PushID(static_cast<int>(instruction.address));
  const ImVec2 start = ImGui::GetCursorPos();
  const bool is_clicked =
      ImGui::Selectable("##row", frame.selection.address() == instruction.address,
                        ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowDoubleClick);
  mark_item(frame, fmt::format("code/{:08x}", instruction.address));
  const bool is_selected = frame.selection.address() == instruction.address;
  if (is_clicked) frame.selection.select_address(profile_, instruction.address);
  // Enter chooses, and follows what is chosen already.
  if (is_clicked && is_selected && row.target && frame.input.is_pressed(Key::enter))
    frame.selection.select_address(profile_, *row.target);
  if (row.target && ImGui::IsItemHovered()) {
    ImGui::SetTooltip("a double click, or Enter once it is chosen, goes to 0x%08x", *row.target);
    if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left))
      frame.selection.select_address(profile_, *row.target);
  }
  ImGui::SetCursorPos(start);
  draw_bar_cell(frame, row.heat, grouped(instruction.cycles), frame.theme.heat(row.heat));
  ImGui::TableNextColumn();
  draw_bar_cell(frame, 0, grouped(instruction.count));
  ImGui::TableNextColumn();
  draw_bar_cell(frame, 0,
                instruction.count == 0 ? ""
                                       : fmt::format("{:.2f}", static_cast<double>(instruction.cycles) /
                                                                   static_cast<double>(instruction.count)));
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(row.worst_stall.c_str());
  ImGui::TableNextColumn();
  draw_bar_cell(frame, 0, row.line == 0 ? "" : std::to_string(row.line));
  ImGui::TableNextColumn();
  ImGui::Text("%08x", instruction.address);
  ImGui::TableNextColumn();
  draw_cut_text(instruction.text.empty() ? "?" : instruction.text);
  ImGui::PopID();
}

}  // namespace mcusim::viewer
