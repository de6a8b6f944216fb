#include "viewer/views/caches_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "profiler/reports/format.h"
#include "viewer/model/cache_table.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {

using profiler::CacheProfile;
using profiler::grouped;

namespace {

constexpr std::size_t kSetsInARow = 64;

std::string known(const std::optional<std::uint64_t>& number) {
  return number ? grouped(*number) : "unknown";
}

std::string shape_of(const CacheProfile& cache) {
  if (cache.ways == 0) return "";
  return fmt::format(": {} set{} of {} way{}, lines of {} B", cache.set_misses.size(),
                     cache.set_misses.size() == 1 ? "" : "s", cache.ways, cache.ways == 1 ? "" : "s",
                     cache.line);
}

ImU32 heat_colour(const Frame& frame, std::uint64_t number, std::uint64_t most) {
  return number == 0 ? frame.theme.panel
                     : frame.theme.heat(static_cast<double>(number) / static_cast<double>(most));
}

bool is_pointed_at(const Rectangle& box) {
  return ImGui::IsMouseHoveringRect({box.left, box.top}, {box.right, box.bottom}) && ImGui::IsWindowHovered();
}

std::string sets_of(const CacheHeat& heat, std::size_t row) {
  const std::size_t first = row * heat.sets_in_row;
  const std::size_t last = std::min(first + heat.sets_in_row, heat.sets) - 1;
  return first == last ? fmt::format("set {}", first) : fmt::format("sets {} to {}", first, last);
}

std::string said_of(const HeatCell& cell) {
  return fmt::format("{} accesses, {} misses", grouped(cell.accesses), grouped(cell.misses));
}

}  // namespace

CachesView::CachesView(const profiler::Profile& profile) : profile_(profile) {
  for (const CacheProfile& cache : profile.caches) {
    caches_.push_back(
        {{cache_symbol_table(cache), cache_function_table(cache), cache_conflict_table(cache)},
         Axis(0, std::max(1.0, heat_end(cache)), std::max(1.0, static_cast<double>(cache.heat.window)))});
  }
}

void CachesView::take_over(const View& before) {
  const auto& other = dynamic_cast<const CachesView&>(before);
  for (std::size_t i = 0; i < std::min(caches_.size(), other.caches_.size()); ++i) {
    for (std::size_t list = 0; list < list_count; ++list)
      caches_[i].tables[list].arrange_like(other.caches_[i].tables[list]);
    caches_[i].time.show_as(other.caches_[i].time);
  }
  if (other.shown_ < caches_.size()) shown_ = other.shown_;
  list_ = other.list_;
  shows_hits_ = other.shows_hits_;
  share_ = other.share_;
}

void CachesView::draw(Frame& frame) {
  if (profile_.caches.empty()) {
    empty_note(frame, "This profile tells no caches: run with --timing full on an MCU that has some.");
    return;
  }
  draw_levels(frame);
  const CacheProfile& cache = profile_.caches[shown_];
  const float room = ImGui::GetContentRegionAvail().y;
  ImGui::BeginChild("sets and time", {0, cache.set_misses.empty() ? 4 * em() : room * share_});
  draw_sets(frame, cache);
  ImGui::EndChild();
  splitter("split", false, share_);
  draw_lists(frame, cache);
}

void CachesView::draw_levels(Frame& frame) {
  const char* const kNames[] = {"level",      "accesses", "misses",   "miss rate, %",
                                "compulsory", "capacity", "conflict", "written back"};
  if (!ImGui::BeginTable(
          "levels", std::size(kNames),
          ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingStretchProp | ImGuiTableFlags_BordersInnerV))
    return;
  for (const char* name : kNames) ImGui::TableSetupColumn(name);
  ImGui::TableHeadersRow();
  for (std::size_t i = 0; i < profile_.caches.size(); ++i) {
    const CacheProfile& cache = profile_.caches[i];
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    if (ImGui::Selectable(cache.level.c_str(), i == shown_, ImGuiSelectableFlags_SpanAllColumns)) shown_ = i;
    mark_item(frame, "caches/" + cache.level);
    const auto cell = [&](const std::string& text, const std::optional<std::uint64_t>& part) {
      ImGui::TableNextColumn();
      // Classes as shares of the misses.
      const double share =
          part && cache.misses != 0 ? static_cast<double>(*part) / static_cast<double>(cache.misses) : 0;
      draw_bar_cell(frame, share, text);
    };
    cell(grouped(cache.accesses), std::nullopt);
    cell(grouped(cache.misses), std::nullopt);
    cell(profiler::percent_of(cache.misses, cache.accesses), std::nullopt);
    for (const auto& part : {cache.compulsory, cache.capacity, cache.conflict}) cell(known(part), part);
    cell(known(cache.writebacks), std::nullopt);
  }
  ImGui::EndTable();
}

void CachesView::draw_sets(Frame& frame, const CacheProfile& cache) {
  if (cache.set_misses.empty()) {
    heading(frame, "Sets of " + cache.level);
    empty_note(frame, "What its sets did is not known: run with --caches.");
    return;
  }
  const bool over_time = !cache.heat.accesses.empty();
  heading(frame, (over_time ? "Sets over time, and their ways, of " : "Misses by set of ") + cache.level +
                     shape_of(cache));
  if (!over_time) {
    draw_sums(frame, cache);
    return;
  }
  for (const bool hits : {false, true}) {
    const char* const name = hits ? "Hits" : "Misses";
    if (ImGui::RadioButton(name, shows_hits_ == hits)) shows_hits_ = hits;
    mark_item(frame, std::string("caches/") + name);
    ImGui::SameLine();
  }
  draw_heat(frame, cache, caches_[shown_].time);
}

void CachesView::draw_cell(Frame& frame, const HeatCell& cell, const CacheHeat::Most& most,
                           const Rectangle& box) const {
  const std::uint64_t number = shows_hits_ ? cell.hits() : cell.misses;
  if (number == 0) return;
  ImGui::GetWindowDrawList()->AddRectFilled(
      {box.left, box.top}, {box.right, box.bottom},
      heat_colour(frame, number, shows_hits_ ? most.hits : most.misses));
}

/// Rows are sets; columns windows of time, and beside them ways.
void CachesView::draw_heat(Frame& frame, const CacheProfile& cache, Axis& time) {
  const float label = 2.4f * em(), scale = 1.3f * em(), gap = em();
  // The cursor is still in the line of the buttons.
  const ImVec2 room{ImGui::GetWindowContentRegionMax().x - ImGui::GetWindowContentRegionMin().x,
                    ImGui::GetContentRegionAvail().y - ImGui::GetFrameHeightWithSpacing()};
  const float rows_height = std::max(3 * em(), room.y - scale);
  const float ways_width =
      cache.heat.way_accesses.empty()
          ? 0
          : std::clamp(2 * em() * static_cast<float>(cache.ways), 3 * em(), 0.3f * room.x);
  const float time_width = room.x - label - (ways_width == 0 ? 0 : ways_width + gap);
  const auto most_columns = static_cast<std::size_t>(std::max(1.0f, time_width / 2));
  const auto most_rows = static_cast<std::size_t>(std::max(1.0f, rows_height / 2));
  const CacheHeat heat = cache_heat(cache, time, most_columns, most_rows);
  const auto number_of = [&](const CacheHeat::Most& most) { return shows_hits_ ? most.hits : most.misses; };
  std::string most = fmt::format("at most {} in {} set{} and {} cycles", grouped(number_of(heat.most)),
                                 heat.sets_in_row, heat.sets_in_row == 1 ? "" : "s",
                                 grouped(heat.columns.front().end - heat.columns.front().begin));
  if (heat.ways != 0) most += fmt::format(", {} in one way", grouped(number_of(heat.most_of_way)));
  ImGui::PushStyleColor(ImGuiCol_Text, frame.theme.dim_text);
  draw_cut_text(most);
  ImGui::PopStyleColor();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Rectangle box{at.x + label, at.y, at.x + label + time_width, at.y + rows_height};
  ImGui::InvisibleButton("heat", {label + time_width, rows_height + scale},
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight);
  const bool is_hovered = ImGui::IsItemHovered();
  mark_item(frame, "caches/heat");
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({box.left, box.top}, {box.right, box.bottom}, frame.theme.panel);
  draw_time(frame, heat, box, time);
  const auto say = [&](const Rectangle& place, const std::string& number) {
    draw_text_in(list, place, frame.theme.dim_text, number);
  };
  say({at.x, box.top, box.left, box.top + em()}, "0");
  if (heat.sets > 1) say({at.x, box.bottom - em(), box.left, box.bottom}, std::to_string(heat.sets - 1));
  draw_axis(frame, {box.left, box.bottom, box.right, box.bottom + scale}, time, 1,
            [](double tick) { return grouped(static_cast<Cycles>(tick)); });
  if (heat.ways != 0)
    draw_ways(frame, heat, {box.right + gap, box.top, box.right + gap + ways_width, box.bottom});
  if (is_hovered) navigate(frame, box, true, time);
}

void CachesView::draw_time(Frame& frame, const CacheHeat& heat, const Rectangle& box,
                           const Axis& time) const {
  const float width = box.right - box.left, height = (box.bottom - box.top) / static_cast<float>(heat.rows);
  const auto edge = [&](Cycles cycles) {
    const auto pixel = static_cast<float>(time.to_pixel(static_cast<double>(cycles), width));
    return box.left + std::round(std::clamp(pixel, 0.0f, width));
  };
  for (std::size_t column = 0; column < heat.columns.size(); ++column) {
    const CacheHeat::Column& span = heat.columns[column];
    const float left = edge(span.begin), right = edge(span.end);
    for (std::size_t row = 0; row < heat.rows; ++row) {
      const float top = box.top + height * static_cast<float>(row);
      const Rectangle place{left, top, right, top + height};
      const HeatCell& cell = heat.at(column, row);
      draw_cell(frame, cell, heat.most, place);
      if (!is_pointed_at(place)) continue;
      ImGui::SetTooltip("%s, cycles %s to %s\n%s", sets_of(heat, row).c_str(), grouped(span.begin).c_str(),
                        grouped(span.end).c_str(), said_of(cell).c_str());
    }
  }
}

/// During the time that is seen.
void CachesView::draw_ways(Frame& frame, const CacheHeat& heat, const Rectangle& box) const {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({box.left, box.top}, {box.right, box.bottom}, frame.theme.panel);
  frame.landmarks["caches/ways"] = box;
  const float width = (box.right - box.left) / static_cast<float>(heat.ways);
  const float height = (box.bottom - box.top) / static_cast<float>(heat.rows);
  for (std::size_t way = 0; way < heat.ways; ++way) {
    const float left = box.left + width * static_cast<float>(way);
    for (std::size_t row = 0; row < heat.rows; ++row) {
      const float top = box.top + height * static_cast<float>(row);
      const Rectangle place{left, top, left + width, top + height};
      draw_cell(frame, heat.of_way(row, way), heat.most_of_way, place);
      if (!is_pointed_at(place)) continue;
      ImGui::SetTooltip("way %zu of %s, cycles %s to %s\n%s", way, sets_of(heat, row).c_str(),
                        grouped(heat.columns.front().begin).c_str(), grouped(heat.columns.back().end).c_str(),
                        said_of(heat.of_way(row, way)).c_str());
    }
    if (way != 0) list.AddLine({left, box.top}, {left, box.bottom}, frame.theme.line);
  }
  // Where there is no room for all numbers, those of the first and the last.
  const float narrowest = 1.9f * em(), bottom = box.bottom + 1.3f * em();
  const auto number = [&](float left, std::size_t way) {
    draw_text_in(list, {left, box.bottom, left + std::max(width, narrowest), bottom}, frame.theme.dim_text,
                 std::to_string(way));
  };
  const std::size_t step = width < narrowest ? std::max<std::size_t>(heat.ways - 1, 1) : 1;
  for (std::size_t way = 0; way < heat.ways; way += step)
    number(std::min(box.left + width * static_cast<float>(way), box.right - std::max(width, narrowest)), way);
}

/// Profiles without time: the sets one behind the other.
void CachesView::draw_sums(Frame& frame, const CacheProfile& cache) {
  const std::uint64_t most = std::max<std::uint64_t>(1, std::ranges::max(cache.set_misses));
  dim_text(frame,
           fmt::format("the hottest set missed {} times; {} sets in a row", grouped(most), kSetsInARow));
  const float cell = ImGui::GetContentRegionAvail().x / static_cast<float>(kSetsInARow);
  const float height = std::min(cell, 1.2f * em());
  const std::size_t rows = (cache.set_misses.size() + kSetsInARow - 1) / kSetsInARow;
  const ImVec2 at = ImGui::GetCursorScreenPos(), mouse = ImGui::GetMousePos();
  ImGui::Dummy({0, height * static_cast<float>(rows)});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (std::size_t set = 0; set < cache.set_misses.size(); ++set) {
    const float left = at.x + cell * static_cast<float>(set % kSetsInARow);
    const float top = at.y + height * static_cast<float>(set / kSetsInARow);
    const std::uint64_t misses = cache.set_misses[set];
    list.AddRectFilled({left, top}, {left + cell - 1, top + height - 1}, heat_colour(frame, misses, most));
    if (ImGui::IsWindowHovered() && mouse.x >= left && mouse.x < left + cell && mouse.y >= top &&
        mouse.y < top + height)
      ImGui::SetTooltip("set %zu: %s misses", set, grouped(misses).c_str());
  }
}

void CachesView::draw_lists(Frame& frame, const CacheProfile& cache) {
  constexpr std::array<const char*, list_count> kNames = {"Symbols that missed", "Code that missed",
                                                          "Who took whose place"};
  for (std::size_t list = 0; list < list_count; ++list) {
    if (list != 0) ImGui::SameLine(0, em());
    if (ImGui::RadioButton(kNames[list], list_ == list)) list_ = list;
    mark_item(frame, std::string("caches/") + kNames[list]);
  }
  Table& table = caches_[shown_].tables[list_];
  if (table.rows().empty()) {
    empty_note(frame, list_ == conflicts && cache.conflict == std::uint64_t{0}
                          ? "No miss was a conflict."
                          : "Not known of " + cache.level + ": run with --caches.");
    return;
  }
  const std::string id = std::string("cache list ") + std::to_string(list_);
  draw_table(frame, id.c_str(), table, std::nullopt);
}

}  // namespace mcusim::viewer
