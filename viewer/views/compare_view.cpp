#include "viewer/views/compare_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "profiler/reports/format.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {

using profiler::grouped;
using profiler::Profile;

namespace {

std::string title_of(const Profile& profile) {
  return fmt::format("{} on {}, {:g} MHz, timing {}", profile.network.value_or(profile.file), profile.mcu,
                     static_cast<double>(profile.clock) / 1e6, profile.timing);
}

}  // namespace

CompareView::CompareView(const Profile& profile, const Profile* other) : profile_(profile), other_(other) {
  if (other == nullptr) return;
  comparison_ = compare(profile, *other);
  table_ = comparison_table(comparison_);
}

void CompareView::draw(Frame& frame) {
  if (other_ == nullptr) {
    empty_note(
        frame,
        "There is nothing to compare with: start mcusim view PROFILE OTHER, or drop two files together.");
    return;
  }
  const auto whole = comparison_.whole.difference();
  ImGui::TextUnformatted(
      ("This:  " + title_of(profile_) + fmt::format(", {} cycles", grouped(profile_.work.cycles))).c_str());
  ImGui::TextUnformatted(("Other: " + title_of(*other_) +
                          fmt::format(", {} cycles", grouped(other_->work.cycles)) +
                          (whole ? fmt::format(" ({:+.1f} %)", *whole) : ""))
                             .c_str());
  draw_filter(frame, "compare", filter_, table_, "filter by name");
  const float width = ImGui::GetContentRegionAvail().x;
  if (const auto chosen = draw_table(frame, "compare", table_, selected_, {width * share_, 0})) {
    selected_ = chosen;
    if (comparison_.is_of_layers && *chosen < profile_.layers.size())
      frame.selection.select_layer(profile_, *chosen);
  }
  splitter("split", true, share_);
  ImGui::BeginChild("scatter");
  draw_scatter(frame);
  ImGui::EndChild();
}

void CompareView::draw_scatter(Frame& frame) {
  double least = 1e300, most = 1;
  for (const ComparedRow& row : comparison_.rows) {
    if (!row.difference() || *row.other_cycles == 0) continue;
    const auto [low, high] =
        std::minmax({static_cast<double>(*row.cycles), static_cast<double>(*row.other_cycles)});
    least = std::min(least, low);
    most = std::max(most, high);
  }
  if (least > most) {
    empty_note(frame, "The two have nothing in common.");
    return;
  }
  dim_text(frame, "Other's cycles over this one's, both logarithmic");
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float side = std::max(4 * em(), std::min(room.x, room.y - 2 * em()));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  // Half a decade of room around the points.
  const Axis axis(std::log10(least) - 0.25, std::log10(most) + 0.25, 0.5);
  const auto place = [&](double cycles) {
    return static_cast<float>(axis.to_pixel(std::log10(cycles), side));
  };
  list.AddRectFilled(at, {at.x + side, at.y + side}, frame.theme.panel);
  list.AddLine({at.x, at.y + side}, {at.x + side, at.y}, frame.theme.dim_text);
  const ImVec2 mouse = ImGui::GetMousePos();
  for (std::size_t i = 0; i < comparison_.rows.size(); ++i) {
    const ComparedRow& row = comparison_.rows[i];
    if (!row.difference() || *row.other_cycles == 0) continue;
    const ImVec2 point{at.x + place(static_cast<double>(*row.cycles)),
                       at.y + side - place(static_cast<double>(*row.other_cycles))};
    const float radius = 0.35f * em();
    list.AddCircleFilled(point, radius, frame.theme.category(0));
    if (i == selected_) list.AddCircle(point, 1.5f * radius, frame.theme.selected, 0, 0.12f * em());
    if (!ImGui::IsWindowHovered() || std::hypot(mouse.x - point.x, mouse.y - point.y) > radius) continue;
    ImGui::SetTooltip("%s\n%s and %s cycles, %+.1f %%", row.name.c_str(), grouped(*row.cycles).c_str(),
                      grouped(*row.other_cycles).c_str(), *row.difference());
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) selected_ = i;
  }
  ImGui::Dummy({side, side});
  dim_text(frame, "on the line: equal; above it: the other takes more");
}

}  // namespace mcusim::viewer
