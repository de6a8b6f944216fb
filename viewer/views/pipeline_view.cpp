#include "viewer/views/pipeline_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "profiler/reports/format.h"
#include "viewer/model/causes.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {

using profiler::grouped;
using profiler::TracedStep;

namespace {

constexpr float kRowEms = 1.4f;
constexpr float kLeastCellEms = 0.25f, kLargestCellEms = 6;
constexpr Cycles kColumnsPerMark = 5;

}  // namespace

PipelineView::PipelineView(const profiler::Profile& profile) : profile_(profile), diagram_(profile) {}

void PipelineView::take_over(const View& before) {
  const auto& other = dynamic_cast<const PipelineView&>(before);
  cell_ems_ = other.cell_ems_;
  if (other.current_ >= diagram_.rows().size()) return;
  current_ = other.current_;
  offset_ = other.offset_;
}

void PipelineView::draw(Frame& frame) {
  if (diagram_.rows().empty()) {
    empty_note(frame,
               "This profile has no instructions one by one: run with --trace-window FROM:COUNT, as "
               "--trace-window main:200, and --timing full.");
    return;
  }
  empty_note(
      frame,
      fmt::format("{} steps behind the first {} instructions, {} cycles.   Up, Down: step;  Left, Right: "
                  "stalls;  W, S: width;  A, D: sideways",
                  grouped(diagram_.rows().size()), grouped(profile_.trace.first_instruction),
                  grouped(diagram_.cycles())));
  const float legend = 7.5f * em();
  ImGui::BeginChild("diagram", {0, -legend}, false, ImGuiWindowFlags_NoNav);
  take_keys(frame, static_cast<std::size_t>(std::max(1.0f, ImGui::GetWindowHeight() / (kRowEms * em()) - 2)));
  draw_rows(frame, std::min(24 * em(), 0.4f * ImGui::GetWindowWidth()));
  ImGui::EndChild();
  draw_legend(frame);
}

void PipelineView::take_keys(Frame& frame, std::size_t rows_on_screen) {
  const Input& input = frame.input;
  if (ImGui::GetIO().WantTextInput || input.ctrl) return;
  const std::size_t last = diagram_.rows().size() - 1;
  if (input.is_pressed(Key::down)) go_to(frame, std::min(current_ + 1, last));
  if (input.is_pressed(Key::up)) go_to(frame, current_ - std::min<std::size_t>(current_, 1));
  if (input.is_pressed(Key::page_down)) go_to(frame, std::min(current_ + rows_on_screen, last));
  if (input.is_pressed(Key::page_up)) go_to(frame, current_ - std::min(current_, rows_on_screen));
  if (input.is_pressed(Key::home)) go_to(frame, 0);
  if (input.is_pressed(Key::end)) go_to(frame, last);
  if (input.is_pressed(Key::right)) go_to(frame, diagram_.next_stall(current_).value_or(current_));
  if (input.is_pressed(Key::left)) go_to(frame, diagram_.previous_stall(current_).value_or(current_));
  if (input.is_down(Key::w)) cell_ems_ *= std::pow(8.0f, input.seconds);
  if (input.is_down(Key::s)) cell_ems_ /= std::pow(8.0f, input.seconds);
  cell_ems_ = std::clamp(cell_ems_, kLeastCellEms, kLargestCellEms);
  if (input.is_pressed(Key::d)) offset_ = std::min(offset_ + kColumnsPerMark, diagram_.cycles());
  if (input.is_pressed(Key::a)) offset_ -= std::min(offset_, kColumnsPerMark);
}

void PipelineView::go_to(Frame& frame, std::size_t row) {
  current_ = row;
  scrolls_to_current_ = true;
  offset_ = 0;
  frame.selection.select_address(profile_, diagram_.step(row).address);
}

void PipelineView::draw_rows(Frame& frame, float text_width) {
  const float height = kRowEms * em();
  const ImVec2 origin = ImGui::GetWindowPos();
  const float width = ImGui::GetWindowWidth() - ImGui::GetStyle().ScrollbarSize;
  const Rectangle head{origin.x + text_width, origin.y, origin.x + width, origin.y + height};
  const std::size_t count = diagram_.rows().size();
  const auto on_screen =
      static_cast<std::size_t>(std::max(1.0f, std::floor(ImGui::GetWindowHeight() / height) - 1));
  // The heading stays while rows scroll below it.
  ImGui::Dummy({1, height * static_cast<float>(count + 1)});
  auto first = static_cast<std::size_t>(ImGui::GetScrollY() / height);
  if (std::exchange(scrolls_to_current_, false) && (current_ < first || current_ >= first + on_screen)) {
    first = current_ < first ? current_ : current_ - on_screen + 1;
    ImGui::SetScrollY(height * static_cast<float>(first));
  }
  first = std::min(first, count - 1);
  const std::size_t end = std::min(count, first + on_screen);
  // What runs from the top left to the bottom right is followed as the rows scroll.
  const PipelineRow& top = diagram_.rows()[first];
  const Cycles column = std::min(top.begin, top.issue.value_or(top.begin)) + offset_;
  draw_columns(frame,
               {head.left, head.top, head.right, head.bottom + height * static_cast<float>(end - first)},
               column);
  for (std::size_t row = first; row < end; ++row) {
    const float y = head.bottom + height * static_cast<float>(row - first);
    draw_row(frame, row, {origin.x, y, origin.x + width, y + height}, text_width, column);
  }
  frame.landmarks["pipeline"] = {head.left, head.bottom, head.right, origin.y + ImGui::GetWindowHeight()};
}

void PipelineView::draw_columns(Frame& frame, const Rectangle& box, Cycles first) const {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float cell = cell_ems_ * em();
  const auto columns = static_cast<Cycles>((box.right - box.left) / cell) + 1;
  const float head = box.top + kRowEms * em();
  for (Cycles cycle = (first + kColumnsPerMark - 1) / kColumnsPerMark * kColumnsPerMark;
       cycle < first + columns; cycle += kColumnsPerMark) {
    const float x = box.left + cell * static_cast<float>(cycle - first);
    list.AddLine({x, box.top}, {x, box.bottom}, frame.theme.line);
    draw_text_in(list, {x, box.top, x + kColumnsPerMark * cell, head}, frame.theme.dim_text, grouped(cycle));
  }
  list.AddLine({box.left, head}, {box.right, head}, frame.theme.line);
}

void PipelineView::draw_row(Frame& frame, std::size_t row, const Rectangle& box, float text_width,
                            Cycles first) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const TracedStep& step = diagram_.step(row);
  const ImVec2 mouse = ImGui::GetMousePos();
  const bool is_hovered = ImGui::IsWindowHovered() && mouse.y >= box.top && mouse.y < box.bottom;
  if (row == current_)
    list.AddRectFilled({box.left, box.top}, {box.right, box.bottom}, frame.theme.selected_row);
  // A line where execution does not go on with the instruction behind.
  if (diagram_.rows()[row].is_landing && row != 0)
    list.AddLine({box.left, box.top}, {box.left + text_width, box.top}, frame.theme.dim_text);
  ImGui::PushFont(frame.fonts.fixed);
  draw_text_in(list, {box.left, box.top, box.left + 6 * em(), box.bottom}, frame.theme.dim_text,
               fmt::format("{:08x}", step.address));
  draw_text_in(list, {box.left + 6 * em(), box.top, box.left + text_width, box.bottom}, frame.theme.text,
               diagram_.text(row));
  ImGui::PopFont();
  list.PushClipRect({box.left + text_width, box.top}, {box.right, box.bottom}, true);
  draw_cells(frame, row, {box.left + text_width, box.top + 1, box.right, box.bottom - 1}, first);
  list.PopClipRect();
  frame.landmarks["pipeline/" + std::to_string(row)] = box;
  if (!is_hovered) return;
  ImGui::SetTooltip("%s", describe(row).c_str());
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
    const Cycles offset = offset_;
    go_to(frame, row);
    offset_ = offset;
  }
}

void PipelineView::draw_cells(Frame& frame, std::size_t row, const Rectangle& box, Cycles first) const {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float cell = cell_ems_ * em();
  const auto place = [&](Cycles begin, Cycles end) {
    const auto x = [&](Cycles cycle) {
      return box.left + cell * static_cast<float>(static_cast<double>(cycle) - static_cast<double>(first));
    };
    return Rectangle{std::max(x(begin), box.left), box.top, std::min(x(end), box.right), box.bottom};
  };
  const auto fill = [&](const Rectangle& box_of, ImU32 colour, std::string_view name,
                        const std::string& code) {
    if (box_of.right <= box_of.left) return;
    list.AddRectFilled({box_of.left, box_of.top}, {box_of.right - 1, box_of.bottom}, colour);
    const bool fits = ImGui::CalcTextSize(name.data(), name.data() + name.size()).x <
                      box_of.right - box_of.left - 0.5f * em();
    const std::string text = fits ? std::string(name) : code;
    const float width = ImGui::CalcTextSize(text.c_str()).x, room = box_of.right - 1 - box_of.left;
    if (width > room) return;
    list.AddText({box_of.left + (room - width) / 2, box_of.top + (box_of.bottom - box_of.top - em()) / 2},
                 frame.theme.text_over(colour), text.c_str());
  };
  for (const PipelineCell& part : diagram_.cells(row)) {
    const bool is_known = part.cause != PipelineCell::kUnknown;
    const std::string name = is_known ? profile_.stall_causes[part.cause] : "";
    fill(place(part.begin, part.end), is_known ? frame.theme.category(part.cause) : frame.theme.merged, name,
         is_known ? cause_code(name) : "");
  }
  const PipelineRow& of = diagram_.rows()[row];
  if (!of.issue) return;
  const bool is_suppressed = diagram_.step(row).kind == TracedStep::Kind::suppressed;
  const std::string slot = of.is_younger ? "2" : "1";
  fill(place(*of.issue, *of.issue + 1), is_suppressed ? frame.theme.dim_text : frame.theme.text, slot, slot);
}

std::string PipelineView::describe(std::size_t row) const {
  const TracedStep& step = diagram_.step(row);
  const PipelineRow& of = diagram_.rows()[row];
  std::string text = fmt::format("{:08x}  {}\n", step.address, diagram_.text(row));
  if (step.kind == TracedStep::Kind::suppressed) text += "not executed: its IT block suppresses it\n";
  if (of.issue)
    text += fmt::format("issued in cycle {}{}", grouped(*of.issue),
                        of.is_younger ? ", beside the one before" : "");
  for (const PipelineCell& part : diagram_.cells(row)) {
    const char* const when = of.issue && part.begin > *of.issue ? "then" : "waited";
    text += fmt::format(
        "\n{} {} cycle{}: {}", when, part.end - part.begin, part.end - part.begin == 1 ? "" : "s",
        part.cause == PipelineCell::kUnknown ? "cause unknown" : profile_.stall_causes[part.cause]);
  }
  return text;
}

void PipelineView::draw_legend(Frame& frame) {
  heading(frame, "1 issued   2 issued beside the one before   grey: suppressed   line: a jump   colours:");
  const auto& spent = diagram_.spent();
  const std::vector<CauseShare> shares = causes_by_cycles(spent);
  if (shares.empty()) {
    dim_text(frame, "This timing does not tell what cycles were spent on: run with --timing full.");
    return;
  }
  draw_causes(frame, profile_, spent, ImGui::GetContentRegionAvail().x, false);
  const float right = ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x;
  for (const CauseShare& share : shares) {
    const std::string& name = profile_.stall_causes[share.cause];
    const std::string text = fmt::format("{}  {} {} %", cause_code(name), name,
                                         profiler::percent_of(share.cycles, diagram_.cycles()));
    const float width = em() + ImGui::CalcTextSize(text.c_str()).x + 1.5f * em();
    if (ImGui::GetItemRectMax().x + width < right && share.cause != shares.front().cause)
      ImGui::SameLine(0, 1.5f * em());
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddRectFilled({corner.x, corner.y + 0.1f * em()},
                                              {corner.x + 0.8f * em(), corner.y + 0.9f * em()},
                                              frame.theme.category(share.cause));
    ImGui::Dummy({em(), em()});
    ImGui::SameLine(0, 0.2f * em());
    ImGui::TextUnformatted(text.c_str());
  }
}

}  // namespace mcusim::viewer
