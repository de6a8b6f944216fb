#include "viewer/views/compare_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "viewer/views/widgets.h"

namespace mcusim::viewer {

using profiler::Difference;

CompareView::CompareView(const profiler::Profile& profile, const profiler::Reference* other)
    : profile_(profile), has_other_(other != nullptr) {
  if (!has_other_) return;
  comparison_ = profiler::compare(profile, *other);
  table_ = comparison_table(comparison_);
}

void CompareView::take_over(const View& before) {
  const auto& other = dynamic_cast<const CompareView&>(before);
  filter_ = other.filter_;
  share_ = other.share_;
  if (has_other_) table_.arrange_like(other.table_);
}

void CompareView::draw(Frame& frame) {
  if (!has_other_) {
    empty_note(
        frame,
        "There is nothing to compare with: start mcusim view PROFILE OTHER, or drop two files together. The "
        "other may be a profile, what a board has printed, or a CSV of layer,cycles or name,ms.");
    return;
  }
  const Difference& total = comparison_.total;
  const char* const unit = comparison_.unit == profiler::Reference::Unit::cycles ? "cycles" : "ms";
  ImGui::TextWrapped("This:  %s, %s %s", comparison_.title.c_str(),
                     cost_text(comparison_, total.cost).c_str(), unit);
  ImGui::TextWrapped("Other: %s, %s %s", comparison_.reference_title.c_str(),
                     cost_text(comparison_, total.reference).c_str(), unit);
  draw_cut_text(errors_text(comparison_));
  for (const auto& [names, where] : {std::pair(&comparison_.only_in_profile, "only this has: "),
                                     std::pair(&comparison_.only_in_reference, "only the other has: ")})
    if (!names->empty()) empty_note(frame, where + fmt::format("{}", fmt::join(*names, ", ")));
  draw_filter(frame, "compare", filter_, table_, "filter by name");
  const float width = ImGui::GetContentRegionAvail().x;
  if (const auto chosen = draw_table(frame, "compare", table_, selected_, {width * share_, 0})) {
    selected_ = chosen;
    const auto layer = std::ranges::find(profile_.layers, comparison_.parts[*chosen].name,
                                         [](const auto& of) { return of.layer.name; });
    if (layer != profile_.layers.end())
      frame.selection.select_layer(profile_, static_cast<std::size_t>(layer - profile_.layers.begin()));
  }
  splitter("split", true, share_);
  ImGui::BeginChild("scatter");
  draw_scatter(frame);
  ImGui::EndChild();
}

void CompareView::draw_scatter(Frame& frame) {
  const auto is_shown = [](const Difference& part) { return part.cost > 0 && part.reference > 0; };
  double least = 1e300, most = 0;
  for (const Difference& part : comparison_.parts) {
    if (!is_shown(part)) continue;
    least = std::min({least, part.cost, part.reference});
    most = std::max({most, part.cost, part.reference});
  }
  if (least > most) {
    empty_note(frame, "The two have nothing in common.");
    return;
  }
  empty_note(frame, "this over the other, both logarithmic");
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 room = ImGui::GetContentRegionAvail();
  constexpr const char* kLegend = "on the line: equal; above it: this takes more";
  const float legend = ImGui::CalcTextSize(kLegend, nullptr, false, room.x).y + em();
  const float side = std::max(4 * em(), std::min(room.x, room.y - legend));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  // Half a decade of room around the points.
  const Axis axis(std::log10(least) - 0.25, std::log10(most) + 0.25, 0.5);
  const auto place = [&](double cost) { return static_cast<float>(axis.to_pixel(std::log10(cost), side)); };
  list.AddRectFilled(at, {at.x + side, at.y + side}, frame.theme.panel);
  list.AddLine({at.x, at.y + side}, {at.x + side, at.y}, frame.theme.dim_text);
  const ImVec2 mouse = ImGui::GetMousePos();
  for (std::size_t i = 0; i < comparison_.parts.size(); ++i) {
    const Difference& part = comparison_.parts[i];
    if (!is_shown(part)) continue;
    const ImVec2 point{at.x + place(part.reference), at.y + side - place(part.cost)};
    const float radius = 0.35f * em();
    list.AddCircleFilled(point, radius, frame.theme.category(0));
    if (i == selected_) list.AddCircle(point, 1.5f * radius, frame.theme.selected, 0, 0.12f * em());
    if (!ImGui::IsWindowHovered() || std::hypot(mouse.x - point.x, mouse.y - point.y) > radius) continue;
    ImGui::SetTooltip("%s\nthis %s, other %s, %+.1f %%", part.name.c_str(),
                      cost_text(comparison_, part.cost).c_str(),
                      cost_text(comparison_, part.reference).c_str(), part.error().value_or(0));
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) selected_ = i;
  }
  ImGui::Dummy({side, side});
  empty_note(frame, kLegend);
}

}  // namespace mcusim::viewer
