#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "mcu_models/parameters.h"
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

constexpr ParameterKey<PipelineParameters> kPipelineKeys[] = {
    {"fetch_words", &PipelineParameters::fetch_words, 2, 3},
    {"branch_refill", &PipelineParameters::branch_refill, 1, 16},
    {"load_tail", &PipelineParameters::load_tail, 0, 16},
    {"load_after_store", &PipelineParameters::load_after_store, 0, 16},
    {"store_after_store", &PipelineParameters::store_after_store, 0, 16},
    {"address_after_result", &PipelineParameters::address_after_result, 0, 16},
    {"store_hides_load", &PipelineParameters::store_hides_load, 0, 1},
    {"indexed_load_hides", &PipelineParameters::indexed_load_hides, 0, 1},
    {"half_word_load", &PipelineParameters::half_word_load, 0, 16},
    {"unaligned_access", &PipelineParameters::unaligned_access, 0, 16},
    {"fp_dependent", &PipelineParameters::fp_dependent, 0, 16},
    {"divide_least", &PipelineParameters::divide_least, 1, 64},
    {"divide_most", &PipelineParameters::divide_most, 1, 64},
    {"device_access", &PipelineParameters::device_access, 0, 64},
    {"code_on_system_bus", &PipelineParameters::code_on_system_bus, 0, 16},
    {"folds_it", &PipelineParameters::folds_it, 0, 1},
};

using M7 = PipelineM7Parameters;
constexpr ParameterKey<M7> kPipelineM7Keys[] = {
    {"fetch_entries", &M7::fetch_entries, 1, 4},
    {"fetch_reuse", &M7::fetch_reuse, 1, 8},
    {"static_bubbles", &M7::static_bubbles, 0, 16},
    {"btac_entries", &M7::btac_entries, 1, 4096},
    {"mispredict", &M7::mispredict, 1, 32},
    {"mispredict_early", &M7::mispredict_early, 1, 32},
    {"early_flags", &M7::early_flags, 0, 16},
    {"alu", &M7::alu, 1, 8},
    {"early_operand", &M7::early_operand, 0, 8},
    {"load", &M7::load, 1, 8},
    {"narrow_load", &M7::narrow_load, 1, 8},
    {"load_to_multiplier", &M7::load_to_multiplier, 0, 8},
    {"multiply", &M7::multiply, 1, 8},
    {"late_accumulator", &M7::late_accumulator, 0, 1},
    {"accumulate", &M7::accumulate, 1, 8},
    {"younger_load_forward", &M7::younger_load_forward, 0, 1},
    {"fp_result", &M7::fp_result, 1, 16},
    {"fp_mac_accumulate", &M7::fp_mac_accumulate, 1, 16},
    {"fp_mac_operand", &M7::fp_mac_operand, 1, 16},
    {"fp_load_accumulate", &M7::fp_load_accumulate, 1, 16},
    {"fp_result_stored", &M7::fp_result_stored, 1, 16},
    {"fp_move", &M7::fp_move, 1, 16},
    {"fp_mac_blocks", &M7::fp_mac_blocks, 0, 16},
    {"unaligned_older", &M7::unaligned_older, 0, 8},
    {"unaligned_younger", &M7::unaligned_younger, 0, 8},
    {"store_entries", &M7::store_entries, 1, 8},
    {"store_word", &M7::store_word, 1, 16},
    {"store_narrow", &M7::store_narrow, 1, 16},
    {"store_narrow_same_bank", &M7::store_narrow_same_bank, 1, 16},
};

PipelineParameters read_pipeline(const Node& node) {
  TableReader reader(node, "core_override.pipeline");
  const auto parameters = read_parameters<PipelineParameters>(reader, kPipelineKeys);
  if (parameters.divide_least > parameters.divide_most)
    reader.fail_at("divide_least", "more than divide_most", "correct one of the two");
  reader.finish();
  return parameters;
}

PipelineM7Parameters read_pipeline_m7(const Node& node) {
  TableReader reader(node, "core_override.pipeline_m7");
  const auto parameters = read_parameters<PipelineM7Parameters>(reader, kPipelineM7Keys);
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
  if (const Node* pipeline = reader.find("pipeline_m7")) core.pipeline_m7 = read_pipeline_m7(*pipeline);
  read_pipelines(reader, core);
  reader.finish();
  return core;
}

}  // namespace mcusim::mcu_models
