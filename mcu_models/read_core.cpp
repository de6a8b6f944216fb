#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "mcu_models/sections.h"

namespace mcusim::mcu_models {
namespace {

constexpr std::array<std::string_view, 4> kArchitectures = {"v6m", "v7m", "v7em", "v8m_main"};
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

struct PipelineKey {
  const char* name;
  unsigned PipelineParameters::*value;
  std::int64_t least, most;
};
constexpr PipelineKey kPipelineKeys[] = {
    {"fetch_words", &PipelineParameters::fetch_words, 2, 3},
    {"branch_refill", &PipelineParameters::branch_refill, 1, 16},
    {"load_tail", &PipelineParameters::load_tail, 0, 16},
    {"load_after_store", &PipelineParameters::load_after_store, 0, 16},
    {"store_after_store", &PipelineParameters::store_after_store, 0, 16},
    {"address_after_result", &PipelineParameters::address_after_result, 0, 16},
    {"unaligned_access", &PipelineParameters::unaligned_access, 0, 16},
    {"fp_dependent", &PipelineParameters::fp_dependent, 0, 16},
    {"divide_least", &PipelineParameters::divide_least, 1, 64},
    {"divide_most", &PipelineParameters::divide_most, 1, 64},
    {"device_access", &PipelineParameters::device_access, 0, 64},
    {"code_on_system_bus", &PipelineParameters::code_on_system_bus, 0, 16},
    {"folds_it", &PipelineParameters::folds_it, 0, 1},
};

/// Each key a table with its value, so that it can name its own source.
PipelineParameters read_pipeline(const Node& node) {
  TableReader reader(node, "core_override.pipeline");
  PipelineParameters parameters;
  for (const PipelineKey& key : kPipelineKeys) {
    TableReader entry(reader.require(key.name, "a table with a value"),
                      fmt::format("core_override.pipeline.{}", key.name));
    parameters.*key.value = static_cast<unsigned>(entry.integer("value", key.least, key.most));
    entry.finish();
  }
  if (parameters.divide_least > parameters.divide_most)
    reader.fail_at("divide_least", "more than divide_most", "correct one of the two");
  reader.finish();
  return parameters;
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
  if (const Node* pipeline = reader.find("pipeline")) core.pipeline = read_pipeline(*pipeline);
  reader.finish();
  return core;
}

}  // namespace mcusim::mcu_models
