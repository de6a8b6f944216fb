#include "viewer/views/caches_view.h"

#include <fmt/format.h>

#include <algorithm>

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

}  // namespace

CachesView::CachesView(const profiler::Profile& profile) : profile_(profile) {
  for (const CacheProfile& cache : profile.caches) tables_.push_back(cache_symbol_table(cache));
}

void CachesView::take_over(const View& before) {
  const auto& other = dynamic_cast<const CachesView&>(before);
  for (std::size_t i = 0; i < std::min(tables_.size(), other.tables_.size()); ++i)
    tables_[i].arrange_like(other.tables_[i]);
  if (other.shown_ < tables_.size()) shown_ = other.shown_;
}

void CachesView::draw(Frame& frame) {
  if (profile_.caches.empty()) {
    empty_note(frame, "This profile tells no caches: run with --timing full on an MCU that has some.");
    return;
  }
  draw_levels(frame);
  const CacheProfile& cache = profile_.caches[shown_];
  draw_sets(frame, cache);
  heading(frame, "What missed in " + cache.level);
  if (cache.symbols.empty()) {
    empty_note(frame, "This run did not tell which code or data missed.");
  } else {
    draw_table(frame, "cache symbols", tables_[shown_], std::nullopt);
  }
}

void CachesView::draw_levels(Frame& frame) {
  const char* const kNames[] = {"level",      "accesses", "misses",   "miss rate, %",
                                "compulsory", "capacity", "conflict", "written back"};
  if (!ImGui::BeginTable(
          "levels", std::size(kNames),
          ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_BordersInnerV))
    return;
  for (const char* name : kNames) ImGui::TableSetupColumn(name, 0, 8 * em());
  ImGui::TableHeadersRow();
  for (std::size_t i = 0; i < profile_.caches.size(); ++i) {
    const CacheProfile& cache = profile_.caches[i];
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    if (ImGui::Selectable(cache.level.c_str(), i == shown_, ImGuiSelectableFlags_SpanAllColumns)) shown_ = i;
    mark_item(frame, "caches/" + cache.level);
    for (const std::string& text :
         {grouped(cache.accesses), grouped(cache.misses), profiler::percent_of(cache.misses, cache.accesses),
          known(cache.compulsory), known(cache.capacity), known(cache.conflict), known(cache.writebacks)}) {
      ImGui::TableNextColumn();
      draw_bar_cell(frame, 0, text);
    }
  }
  ImGui::EndTable();
}

void CachesView::draw_sets(Frame& frame, const CacheProfile& cache) {
  heading(frame, fmt::format("Misses of {} by set", cache.level));
  if (cache.set_misses.empty()) {
    empty_note(frame, "This run did not count misses by set.");
    return;
  }
  const std::uint64_t most = std::max<std::uint64_t>(1, std::ranges::max(cache.set_misses));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float cell = ImGui::GetContentRegionAvail().x / static_cast<float>(kSetsInARow);
  const float height = std::min(cell, 1.2f * em());
  const std::size_t rows = (cache.set_misses.size() + kSetsInARow - 1) / kSetsInARow;
  constexpr std::size_t kRowsShown = 16;
  ImGui::BeginChild("sets", {0, height * static_cast<float>(std::min(rows, kRowsShown))});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 mouse = ImGui::GetMousePos();
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(rows), height);
  while (clipper.Step()) {
    for (auto row = static_cast<std::size_t>(clipper.DisplayStart);
         row < static_cast<std::size_t>(clipper.DisplayEnd); ++row) {
      const float top = ImGui::GetWindowPos().y - ImGui::GetScrollY() + height * static_cast<float>(row);
      for (std::size_t set = row * kSetsInARow;
           set < std::min((row + 1) * kSetsInARow, cache.set_misses.size()); ++set) {
        const float left = at.x + cell * static_cast<float>(set % kSetsInARow);
        const std::uint64_t misses = cache.set_misses[set];
        list.AddRectFilled({left, top}, {left + cell - 1, top + height - 1}, frame.theme.panel);
        list.AddRectFilled({left, top}, {left + cell - 1, top + height - 1},
                           frame.theme.heat(static_cast<double>(misses) / static_cast<double>(most)));
        if (ImGui::IsWindowHovered() && mouse.x >= left && mouse.x < left + cell && mouse.y >= top &&
            mouse.y < top + height)
          ImGui::SetTooltip("set %zu: %s misses", set, grouped(misses).c_str());
      }
    }
  }
  ImGui::EndChild();
  dim_text(frame,
           fmt::format("the hottest set missed {} times; {} sets in a row", grouped(most), kSetsInARow));
}

}  // namespace mcusim::viewer
