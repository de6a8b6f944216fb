// What lies over the views: help, command palette and tour.

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>

#include "viewer/app.h"
#include "viewer/views/view_list.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {
namespace {

constexpr ImGuiWindowFlags kOverlay = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoCollapse |
                                      ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoMove |
                                      ImGuiWindowFlags_NoSavedSettings;

/// What the mouse and the keys without Ctrl do inside views.
constexpr std::array<std::pair<const char*, const char*>, 8> kInViews = {
    {{"Wheel, W, S", "zoom a timeline, flame graph or memory"},
     {"Right drag, A, D", "move along it"},
     {"Left drag", "choose a span of the timeline"},
     {"Home", "show all of it"},
     {"Arrows, Enter", "move through tables and choose"},
     {"Up, Down", "pipeline: step an instruction"},
     {"Left, Right", "pipeline: go to where cycles are lost"},
     {"Escape", "close this"}}};

struct TourStep {
  std::string_view view;
  std::string_view landmark;  ///< That it explains.
  const char* text;
};
constexpr TourStep kTour[] = {
    {"summary", "tab/summary",
     "What ran, how long it took, what of the part it used and what its cycles were spent on."},
    {"layers", "layers/cycles", "A click on a column sorts by it, a second one turns the order around."},
    {"layers", "layers/row 0", "A click on a layer selects it: all views show the same one."},
    {"layers", "layers/filter",
     "Type a part of a name to see only rows that contain it. F1 shows all keys, Ctrl+P all commands."}};

/// What has no room scrolls.
void place_in_middle() {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({size.x / 2, size.y * 0.15f}, ImGuiCond_Always, {0.5f, 0});
  ImGui::SetNextWindowSizeConstraints({0, 0}, {size.x, size.y * 0.75f});
}

Rectangle window_place() {
  const ImVec2 at = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
  return {at.x, at.y, at.x + size.x, at.y + size.y};
}

void key_row(const Theme& theme, const char* keys, const char* what) {
  ImGui::TableNextColumn();
  ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme.dim_text), "%s", keys);
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(what);
}

}  // namespace

void App::draw_help() {
  place_in_middle();
  ImGui::Begin("help", nullptr, kOverlay);
  landmarks_["help"] = window_place();
  if (ImGui::BeginTable("keys", 2, ImGuiTableFlags_SizingFixedFit)) {
    for (const Command& command : commands_) {
      const std::string keys = to_text(command.chord);
      if (!keys.empty()) key_row(theme(), keys.c_str(), command.name.c_str());
    }
    for (const auto& [keys, what] : kInViews) key_row(theme(), keys, what);
    ImGui::EndTable();
  }
  ImGui::End();
}

void App::draw_palette(const Input& input) {
  place_in_middle();
  ImGui::Begin("palette", nullptr, kOverlay);
  landmarks_["palette"] = window_place();
  if (std::exchange(palette_is_new_, false)) {
    palette_text_.clear();
    palette_choice_ = 0;
    ImGui::SetKeyboardFocusHere();
  }
  ImGui::SetNextItemWidth(28 * em());
  if (ImGui::InputTextWithHint("##command", "command", &palette_text_)) palette_choice_ = 0;
  const auto found = matching(commands_, palette_text_);
  const std::size_t choice_before = palette_choice_;
  if (input.is_pressed(Key::down) && palette_choice_ + 1 < found.size()) ++palette_choice_;
  if (input.is_pressed(Key::up) && palette_choice_ > 0) --palette_choice_;
  const Command* chosen = nullptr;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (ImGui::Selectable(found[i]->name.c_str(), i == palette_choice_)) chosen = found[i];
    if (i == palette_choice_ && i != choice_before) ImGui::SetScrollHereY();
    ImGui::SameLine(22 * em());
    ImGui::TextDisabled("%s", to_text(found[i]->chord).c_str());
  }
  if (input.is_pressed(Key::enter) && palette_choice_ < found.size()) chosen = found[palette_choice_];
  ImGui::End();
  if (chosen == nullptr) return;
  palette_is_open_ = false;
  chosen->act();
}

void App::draw_tour() {
  const TourStep& step = kTour[*tour_step_];
  if (view_kinds()[current_].name != step.view) show_view(step.view);
  const auto place = landmarks_.find(step.landmark);
  if (place != landmarks_.end()) {
    const Rectangle& box = place->second;
    const float gap = 0.3f * em();
    ImGui::GetForegroundDrawList()->AddRect({box.left - gap, box.top - gap},
                                            {box.right + gap, box.bottom + gap}, theme().warning, 0, 0,
                                            0.15f * em());
    const float left = std::min(box.left, ImGui::GetIO().DisplaySize.x - 26 * em());
    ImGui::SetNextWindowPos({std::max(left, 0.0f), box.bottom + em()});
  } else {
    place_in_middle();
  }
  ImGui::SetNextWindowFocus();
  ImGui::Begin("tour", nullptr, kOverlay);
  ImGui::PushTextWrapPos(24 * em());
  ImGui::TextUnformatted(step.text);
  ImGui::PopTextWrapPos();
  const bool is_last = *tour_step_ + 1 == std::size(kTour);
  if (ImGui::Button(is_last ? "Done" : "Next")) {
    tour_step_ = is_last ? std::nullopt : std::optional(*tour_step_ + 1);
  }
  ImGui::SameLine();
  if (!is_last) {
    if (ImGui::Button("Skip the tour")) tour_step_.reset();
    const ImVec2 least = ImGui::GetItemRectMin(), most = ImGui::GetItemRectMax();
    landmarks_["tour/skip"] = {least.x, least.y, most.x, most.y};
  }
  settings_.tour_is_done = !tour_step_;
  ImGui::End();
}

}  // namespace mcusim::viewer
