#include "viewer/model/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "profiler/reports/format.h"

namespace mcusim::viewer {

using profiler::Profile;

namespace {

struct Item {
  std::string name;
  Cycles cycles = 0;
};

std::vector<Item> items_of(const Profile& profile, bool layers) {
  std::vector<Item> items;
  if (layers) {
    for (const profiler::LayerProfile& layer : profile.layers)
      items.push_back({layer.layer.name + ", " + layer.layer.op, layer.cycles});
  } else {
    for (const profiler::FunctionProfile& function : profile.functions)
      items.push_back({function.name, function.self_cycles});
  }
  return items;
}

Column cycles_column(std::string name, const Comparison& comparison,
                     std::optional<Cycles> ComparedRow::*cycles, double full_bar) {
  const auto of = [&comparison, cycles](std::size_t row) { return comparison.rows[row].*cycles; };
  return {std::move(name),
          [of](std::size_t row) {
            const auto value = of(row);
            return value ? profiler::grouped(*value) : std::string("-");
          },
          [of](std::size_t row) {
            const auto value = of(row);
            return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
          },
          true, full_bar};
}

}  // namespace

std::optional<double> ComparedRow::difference() const {
  if (!cycles || !other_cycles || *cycles == 0) return std::nullopt;
  return 100 * (static_cast<double>(*other_cycles) / static_cast<double>(*cycles) - 1);
}

Comparison compare(const Profile& profile, const Profile& other) {
  Comparison comparison;
  comparison.is_of_layers = !profile.layers.empty() && !other.layers.empty();
  comparison.whole = {"all", profile.work.cycles, other.work.cycles};
  std::multimap<std::string, std::size_t> waiting;  // Rows by name that no item of the other has met.
  for (const Item& item : items_of(profile, comparison.is_of_layers)) {
    waiting.emplace(item.name, comparison.rows.size());
    comparison.rows.push_back({item.name, item.cycles, std::nullopt});
  }
  for (const Item& item : items_of(other, comparison.is_of_layers)) {
    const auto same = waiting.lower_bound(item.name);
    if (same == waiting.end() || same->first != item.name) {
      comparison.rows.push_back({item.name, std::nullopt, item.cycles});
    } else {
      comparison.rows[same->second].other_cycles = item.cycles;
      waiting.erase(same);
    }
  }
  return comparison;
}

Table comparison_table(const Comparison& comparison) {
  const auto difference = [&comparison](std::size_t row) { return comparison.rows[row].difference(); };
  double most = 0;
  for (const ComparedRow& row : comparison.rows)
    most =
        std::max(most, static_cast<double>(std::max(row.cycles.value_or(0), row.other_cycles.value_or(0))));
  std::vector<Column> columns;
  columns.push_back({comparison.is_of_layers ? "layer" : "function",
                     [&comparison](std::size_t row) { return comparison.rows[row].name; }});
  columns.push_back(cycles_column("cycles", comparison, &ComparedRow::cycles, most));
  columns.push_back(cycles_column("other's cycles", comparison, &ComparedRow::other_cycles, most));
  columns.push_back({"difference, %",
                     [difference](std::size_t row) {
                       const auto value = difference(row);
                       return value ? fmt::format("{:+.1f}", *value) : std::string("-");
                     },
                     difference});
  return Table(std::move(columns), comparison.rows.size());
}

}  // namespace mcusim::viewer
