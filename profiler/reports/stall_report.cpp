#include "profiler/reports/stall_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <vector>

#include "profiler/reports/format.h"

namespace mcusim::profiler {
namespace {

constexpr std::size_t kMostCauses = 5;
constexpr double kLeastShare = 0.01;  ///< Smaller causes count as others.

std::string causes(const emulator::StallCycles& stalls) {
  struct Cause {
    std::string_view name;
    Cycles cycles;
  };
  std::vector<Cause> sorted;
  for (std::size_t i = 0; i < emulator::kStallCauseNames.size(); ++i)
    sorted.push_back({emulator::kStallCauseNames[i], stalls.by_cause[i]});
  std::ranges::stable_sort(sorted, std::ranges::greater(), &Cause::cycles);
  const Cycles all = stalls.sum();
  Cycles others = all;
  std::string text;
  for (const Cause& cause : std::span(sorted).first(kMostCauses)) {
    if (cause.cycles == 0 || static_cast<double>(cause.cycles) < kLeastShare * static_cast<double>(all))
      break;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", cause.name, percent_of(cause.cycles, all));
    others -= cause.cycles;
  }
  if (others != 0) text += fmt::format(", others {}", percent_of(others, all));
  return text;
}

}  // namespace

std::string stall_report(const RunProfile& profile) {
  if (!profile.stalls) return "";
  struct Row {
    std::string layer;
    const emulator::StallCycles* stalls;
  };
  std::vector<Row> rows;
  for (const LayerProfile& entry : profile.layers)
    if (entry.stalls) rows.push_back({std::to_string(entry.layer.index), &*entry.stalls});
  rows.push_back({"total", &*profile.stalls});
  const std::size_t width =
      std::max(std::string_view("cycles").size(), grouped(profile.stalls->sum()).size());
  std::string text = fmt::format("layer  {:>{}}  spent on, in %\n", "cycles", width);
  for (const Row& row : rows)
    text +=
        fmt::format("{:>5}  {:>{}}  {}\n", row.layer, grouped(row.stalls->sum()), width, causes(*row.stalls));
  return text;
}

}  // namespace mcusim::profiler
