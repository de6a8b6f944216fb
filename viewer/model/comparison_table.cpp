#include "viewer/model/comparison_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "profiler/reports/format.h"

namespace mcusim::viewer {

using profiler::Comparison;
using profiler::Difference;
using profiler::Reference;

namespace {

std::string percent_text(const std::optional<double>& percent) {
  return percent ? fmt::format("{:+.1f}", *percent) : "-";
}

}  // namespace

std::string cost_text(const Comparison& comparison, double cost) {
  if (comparison.unit == Reference::Unit::milliseconds) return fmt::format("{:.3f}", cost);
  return profiler::grouped(static_cast<Cycles>(cost));
}

std::string errors_text(const Comparison& comparison) {
  std::string text = fmt::format("total {} %", percent_text(comparison.total.error()));
  if (comparison.mean_absolute_error)
    text += fmt::format(", parts {:.1f} % on average", *comparison.mean_absolute_error);
  if (comparison.worst)
    text += fmt::format(", worst {} % ({})", percent_text(comparison.worst->error()), comparison.worst->name);
  return text;
}

Table comparison_table(const Comparison& comparison) {
  const auto part = [&comparison](std::size_t row) -> const Difference& { return comparison.parts[row]; };
  double most = 0;
  for (const Difference& of : comparison.parts) most = std::max({most, of.cost, of.reference});
  const std::string unit = comparison.unit == Reference::Unit::cycles ? "cycles" : "ms";
  const auto cost_column = [&](std::string name, double Difference::*cost) {
    return Column{
        std::move(name),
        [&comparison, part, cost](std::size_t row) { return cost_text(comparison, part(row).*cost); },
        [part, cost](std::size_t row) { return std::optional(part(row).*cost); }, true, most};
  };
  std::vector<Column> columns;
  columns.push_back({"part", [part](std::size_t row) { return part(row).name; }});
  columns.push_back(cost_column("this, " + unit, &Difference::cost));
  columns.push_back(cost_column("other, " + unit, &Difference::reference));
  columns.push_back({"error, %", [part](std::size_t row) { return percent_text(part(row).error()); },
                     [part](std::size_t row) { return part(row).error(); }});
  return Table(std::move(columns), comparison.parts.size());
}

}  // namespace mcusim::viewer
