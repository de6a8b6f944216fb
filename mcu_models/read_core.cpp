#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "mcu_models/sections.h"

namespace mcusim::mcu_models {
namespace {

constexpr std::array<std::string_view, 5> kArchitectures = {"v6m", "v7m", "v7em", "v8m_main", "vle"};
constexpr std::int64_t kMostCycles = 1000;

InstructionCost read_cost(const Node& node, const std::string& path) {
  TableReader reader(node, path);
  InstructionCost cost;
  cost.base = static_cast<unsigned>(reader.integer("base", 0, kMostCycles));
  cost.per_item = static_cast<unsigned>(reader.integer("per_item", 0, kMostCycles, 0));
  cost.taken = static_cast<unsigned>(reader.integer("taken", 0, kMostCycles, 0));
  reader.finish();
  return cost;
}

/// An override may change only what the core has: a new class would be a misspelt one.
void check_override_classes(const Node& core, const Node& override_node) {
  TableReader core_reader(core, "");
  TableReader core_costs(core_reader.require("costs", "a table"), "costs");
  TableReader override_reader(override_node, "core_override");
  const Node* costs = override_reader.find("costs");
  if (!costs) return;
  TableReader override_costs(*costs, "core_override.costs");
  std::vector<std::string> known;
  for (const auto& [name, node] : named_tables(core_costs, "classes")) known.push_back(name);
  for (const auto& [name, node] : named_tables(override_costs, "classes")) {
    if (std::ranges::find(known, name) != known.end()) continue;
    fail(*node, fmt::format("core_override.costs.classes.{}", name),
         fmt::format("unknown instruction class{}", suggestion(name, known)), "name a class of the core");
  }
}

}  // namespace

CoreModel read_core(TableReader& part, const Library& library) {
  const std::string name = part.text("core");
  Node document = library.load(Folder::cores, name, part.find("core"), "core");
  if (const Node* override_node = part.find("core_override")) {
    check_override_classes(document, *override_node);
    merge(document, *override_node);
  }
  TableReader reader(document, "core_override");
  CoreModel core;
  core.name = name;
  core.architecture = static_cast<Architecture>(reader.choice("architecture", kArchitectures));
  core.dsp = reader.boolean("dsp", false);
  core.mpu_regions = static_cast<unsigned>(reader.integer("mpu_regions", 0, 16));
  core.cycle_counter = reader.boolean("cycle_counter", true);
  core.bit_band = reader.boolean("bit_band", false);
  core.dwt_lock = reader.boolean("dwt_lock", false);
  core.cpuid = reader.word("cpuid");
  TableReader costs(reader.require("costs", "a table of cycles by instruction class"), "core_override.costs");
  for (const auto& [class_name, node] : named_tables(costs, "classes")) {
    core.costs.emplace(class_name, read_cost(*node, "core_override.costs.classes." + class_name));
  }
  costs.finish();
  read_pipelines(reader, core);
  reader.finish();
  return core;
}

}  // namespace mcusim::mcu_models
