#include "profiler/reports/stall_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "profiler/reports/format.h"

namespace mcusim::profiler {
namespace {

constexpr std::size_t kMostCauses = 5;
constexpr double kLeastShare = 0.01;  ///< Smaller causes count as others.

Cycles sum_of(const CyclesByCause& stalls) {
  return std::accumulate(stalls.begin(), stalls.end(), Cycles{0});
}

std::string causes(const Profile& profile, const CyclesByCause& stalls) {
  struct Cause {
    std::string_view name;
    Cycles cycles;
  };
  std::vector<Cause> sorted;
  for (std::size_t i = 0; i < stalls.size(); ++i) sorted.push_back({profile.stall_causes[i], stalls[i]});
  std::ranges::stable_sort(sorted, std::ranges::greater(), &Cause::cycles);
  const Cycles all = sum_of(stalls);
  Cycles others = all;
  std::string text;
  for (const Cause& cause : std::span(sorted).first(std::min(kMostCauses, sorted.size()))) {
    if (cause.cycles == 0 || static_cast<double>(cause.cycles) < kLeastShare * static_cast<double>(all))
      break;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", cause.name, percent_of(cause.cycles, all));
    others -= cause.cycles;
  }
  if (others != 0) text += fmt::format(", others {}", percent_of(others, all));
  return text;
}

}  // namespace

std::string stall_report(const Profile& profile) {
  if (profile.stalls.empty()) return "";
  struct Row {
    std::string layer;
    const CyclesByCause* stalls;
  };
  std::vector<Row> rows;
  for (const LayerProfile& entry : profile.layers)
    if (!entry.stalls.empty()) rows.push_back({std::to_string(entry.layer.index), &entry.stalls});
  rows.push_back({"total", &profile.stalls});
  const std::size_t width =
      std::max(std::string_view("cycles").size(), grouped(sum_of(profile.stalls)).size());
  std::string text = fmt::format("layer  {:>{}}  spent on, in %\n", "cycles", width);
  for (const Row& row : rows)
    text += fmt::format("{:>5}  {:>{}}  {}\n", row.layer, grouped(sum_of(*row.stalls)), width,
                        causes(profile, *row.stalls));
  return text;
}

}  // namespace mcusim::profiler
