#include "viewer/model/layer_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "profiler/reports/format.h"
#include "viewer/model/causes.h"

namespace mcusim::viewer {

using profiler::FunctionProfile;
using profiler::grouped;
using profiler::LayerProfile;
using profiler::Profile;

namespace {

template <typename Number>
Column count_column(std::string name, Number number_of, bool bar = false) {
  return {std::move(name), [number_of](std::size_t row) { return grouped(number_of(row)); },
          [number_of](std::size_t row) { return std::optional(static_cast<double>(number_of(row))); }, bar};
}

Column share_column(const Profile& profile, std::function<Cycles(std::size_t)> cycles_of) {
  return {"%",
          [&profile, cycles_of](std::size_t row) {
            return profiler::percent_of(cycles_of(row), profile.work.cycles);
          },
          [cycles_of](std::size_t row) { return std::optional(static_cast<double>(cycles_of(row))); }};
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return fmt::format("{}", fmt::join(shape, "x"));
}

}  // namespace

Table layer_table(const Profile& profile) {
  const auto layer = [&profile](std::size_t row) -> const LayerProfile& { return profile.layers[row]; };
  const auto cycles = [layer](std::size_t row) { return layer(row).cycles; };
  const auto per_macc = [layer](std::size_t row) -> std::optional<double> {
    if (layer(row).layer.macc == 0) return std::nullopt;
    return static_cast<double>(layer(row).cycles) / static_cast<double>(layer(row).layer.macc);
  };
  std::vector<Column> columns;
  columns.push_back(count_column("layer", [layer](std::size_t row) {
    return static_cast<std::uint64_t>(std::max(0, layer(row).layer.index));
  }));
  columns.push_back({"name", [layer](std::size_t row) { return layer(row).layer.name; }});
  columns.push_back({"operator", [layer](std::size_t row) { return layer(row).layer.op; }});
  columns.push_back({"input", [layer](std::size_t row) {
                       const auto& shapes = layer(row).layer.input_shapes;
                       return shapes.empty() ? std::string() : shape_text(shapes.front());
                     }});
  columns.push_back(
      {"output", [layer](std::size_t row) { return shape_text(layer(row).layer.output_shape); }});
  columns.push_back(count_column("MACC", [layer](std::size_t row) { return layer(row).layer.macc; }));
  columns.push_back(count_column("cycles", cycles, true));
  columns.push_back(share_column(profile, cycles));
  columns.push_back({"ms",
                     [&profile, cycles](std::size_t row) {
                       return fmt::format("{:.3f}", profile.milliseconds(cycles(row)));
                     },
                     [cycles](std::size_t row) { return std::optional(static_cast<double>(cycles(row))); }});
  columns.push_back({"cycles/MACC",
                     [per_macc](std::size_t row) {
                       const auto value = per_macc(row);
                       return value ? fmt::format("{:.2f}", *value) : std::string("-");
                     },
                     per_macc, true});
  const auto add_misses = [&](const char* name, std::optional<std::uint64_t> LayerProfile::*misses) {
    if (std::ranges::none_of(profile.layers,
                             [&](const LayerProfile& of) { return (of.*misses).has_value(); }))
      return;
    const auto number = [layer, misses](std::size_t row) -> std::optional<double> {
      const auto& known = layer(row).*misses;
      return known ? std::optional(static_cast<double>(*known)) : std::nullopt;
    };
    columns.push_back({name,
                       [layer, misses](std::size_t row) {
                         const auto& known = layer(row).*misses;
                         return known ? grouped(*known) : std::string("-");
                       },
                       number});
  };
  add_misses("L1I misses", &LayerProfile::l1i_misses);
  add_misses("L1D misses", &LayerProfile::l1d_misses);
  if (!profile.stalls.empty()) {
    columns.push_back({"worst stall, %", [&profile, layer](std::size_t row) {
                         return worst_stall(profile, layer(row).stalls);
                       }});
  }
  return Table(std::move(columns), profile.layers.size());
}

Table function_table(const Profile& profile) {
  const auto function = [&profile](std::size_t row) -> const FunctionProfile& {
    return profile.functions[row];
  };
  const auto self = [function](std::size_t row) { return function(row).self_cycles; };
  std::vector<Column> columns;
  columns.push_back({"function", [function](std::size_t row) { return function(row).name; }});
  columns.push_back(count_column("self cycles", self, true));
  columns.push_back(share_column(profile, self));
  columns.push_back(
      count_column("with callees", [function](std::size_t row) { return function(row).total_cycles; }));
  columns.push_back(count_column("calls", [function](std::size_t row) { return function(row).calls; }));
  return Table(std::move(columns), profile.functions.size());
}

}  // namespace mcusim::viewer
