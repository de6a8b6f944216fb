#include "profiler/compare/comparison_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "common/saturate.h"
#include "profiler/exports/call_tree.h"
#include "profiler/reports/aligned.h"
#include "profiler/reports/format.h"

namespace mcusim::profiler {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kColumns = 5;
using Row = std::array<std::string, kColumns>;

std::string signed_error(const std::optional<double>& error) {
  return error ? fmt::format("{:+.2f}", *error) : std::string("-");
}

std::string cost_text(double cost, Reference::Unit unit) {
  return unit == Reference::Unit::cycles ? grouped(static_cast<std::uint64_t>(saturated(std::round(cost))))
                                         : fmt::format("{:.3f}", cost);
}

std::string change_text(double change, Reference::Unit unit) {
  return (change < 0 ? "-" : "+") + cost_text(std::abs(change), unit);
}

Row row_of(const Difference& difference, Reference::Unit unit) {
  return {one_line(shortened(difference.name)), cost_text(difference.cost, unit), cost_text(difference.reference, unit),
          change_text(difference.change(), unit), signed_error(difference.error())};
}

Json difference_json(const Difference& difference) {
  const auto error = difference.error();
  return {{"name", difference.name},
          {"cost", difference.cost},
          {"reference", difference.reference},
          {"change", difference.change()},
          {"error_percent", error ? Json(*error) : Json(nullptr)}};
}

}  // namespace

std::string comparison_text(const Comparison& comparison) {
  std::string text =
      fmt::format("{}\nagainst {}\n\n", one_line(comparison.title), one_line(comparison.reference_title));
  std::vector<Row> rows{
      {"", comparison.unit == Reference::Unit::cycles ? "cycles" : "ms", "reference", "change", "error %"}};
  for (const Difference& part : comparison.parts) rows.push_back(row_of(part, comparison.unit));
  rows.push_back(row_of(comparison.total, comparison.unit));
  text += aligned(rows);
  if (comparison.mean_absolute_error) {
    text += fmt::format("\nmean absolute error {:.2f} %, worst {} % ({})\n", *comparison.mean_absolute_error,
                        signed_error(comparison.worst->error()), one_line(comparison.worst->name));
  }
  for (const auto& [side, names] : {std::pair("profile", &comparison.only_in_profile),
                                    std::pair("reference", &comparison.only_in_reference)}) {
    if (!names->empty())
      text += fmt::format("only in the {}: {}\n", side, one_line(fmt::format("{}", fmt::join(*names, ", "))));
  }
  if (!comparison.stall_changes.empty()) text += "\nwhat changed most, in cycles by cause\n";
  for (const StallChange& change : comparison.stall_changes) {
    text += fmt::format("{:>14}  {:<15}  {}\n",
                        change_text(static_cast<double>(change.cycles), Reference::Unit::cycles),
                        one_line(change.cause), one_line(change.part));
  }
  return text;
}

std::string comparison_json(const Comparison& comparison) {
  Json parts = Json::array(), changes = Json::array();
  for (const Difference& part : comparison.parts) parts.push_back(difference_json(part));
  for (const StallChange& change : comparison.stall_changes)
    changes.push_back({{"name", change.part}, {"cause", change.cause}, {"cycles", change.cycles}});
  const auto& mean = comparison.mean_absolute_error;
  const Json json = {
      {"schema", 1},
      {"profile", comparison.title},
      {"reference", comparison.reference_title},
      {"unit", comparison.unit == Reference::Unit::cycles ? "cycles" : "ms"},
      {"parts", parts},
      {"total", difference_json(comparison.total)},
      {"mean_absolute_error_percent", mean ? Json(*mean) : Json(nullptr)},
      {"worst_error_percent", comparison.worst ? Json(*comparison.worst->error()) : Json(nullptr)},
      {"only_in_profile", comparison.only_in_profile},
      {"only_in_reference", comparison.only_in_reference},
      {"stall_changes", changes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mcusim::profiler
