#include <algorithm>

#include "mcu_models/parameters.h"
#include "mcu_models/sections.h"

namespace mcusim::mcu_models {
namespace {

using M0 = PipelineM0Parameters;
constexpr ParameterKey<M0> kM0Keys[] = {
    {"fetch_to_execute", &M0::fetch_to_execute, 1, 4},
    {"device_access", &M0::device_access, 0, 64},
    {"io_port_saves", &M0::io_port_saves, 0, 1},
};

using M33 = PipelineM33Parameters;
constexpr ParameterKey<M33> kM33Keys[] = {
    {"fetch_words", &M33::fetch_words, 1, 16},
    {"late_load", &M33::late_load, 0, 1},
    {"late_shifted", &M33::late_shifted, 0, 1},
    {"late_multiply", &M33::late_multiply, 0, 1},
    {"late_dsp", &M33::late_dsp, 0, 1},
    {"late_extend", &M33::late_extend, 0, 1},
    {"two_stage_flags", &M33::two_stage_flags, 0, 4},
    {"pairs", &M33::pairs, 0, 1},
    {"bus_change", &M33::bus_change, 0, 4},
    {"unaligned_access", &M33::unaligned_access, 0, 16},
    {"device_access", &M33::device_access, 0, 64},
    {"divide_least", &M33::divide_least, 1, 64},
    {"divide_most", &M33::divide_most, 1, 64},
    {"fp_result", &M33::fp_result, 1, 16},
    {"fp_mac_accumulate", &M33::fp_mac_accumulate, 1, 16},
    {"fp_mac_result", &M33::fp_mac_result, 1, 16},
    {"fp_mac_blocks", &M33::fp_mac_blocks, 0, 16},
    {"fp_divide", &M33::fp_divide, 1, 64},
    {"fp_to_core", &M33::fp_to_core, 1, 2},
};

using M4 = PipelineParameters;
constexpr ParameterKey<M4> kM4Keys[] = {
    {"fetch_words", &M4::fetch_words, 2, 3},
    {"branch_refill", &M4::branch_refill, 1, 16},
    {"load_tail", &M4::load_tail, 0, 16},
    {"load_after_store", &M4::load_after_store, 0, 16},
    {"store_after_store", &M4::store_after_store, 0, 16},
    {"address_after_result", &M4::address_after_result, 0, 16},
    {"store_hides_load", &M4::store_hides_load, 0, 1},
    {"indexed_load_hides", &M4::indexed_load_hides, 0, 1},
    {"half_word_load", &M4::half_word_load, 0, 16},
    {"unaligned_access", &M4::unaligned_access, 0, 16},
    {"fp_dependent", &M4::fp_dependent, 0, 16},
    {"divide_least", &M4::divide_least, 1, 64},
    {"divide_most", &M4::divide_most, 1, 64},
    {"device_access", &M4::device_access, 0, 64},
    {"code_on_system_bus", &M4::code_on_system_bus, 0, 16},
    {"folds_it", &M4::folds_it, 0, 1},
};

using M7 = PipelineM7Parameters;
constexpr ParameterKey<M7> kM7Keys[] = {
    {"fetch_entries", &M7::fetch_entries, 1, 4},
    {"fetch_reuse", &M7::fetch_reuse, 1, 8},
    {"short_for_multiple", &M7::short_for_multiple, 1, 4},
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

using Exceptions = ExceptionParameters;
constexpr ParameterKey<Exceptions> kExceptionKeys[] = {
    {"entry", &Exceptions::entry, 1, 64},           {"exit", &Exceptions::exit, 1, 64},
    {"tail_chain", &Exceptions::tail_chain, 1, 64}, {"stacking", &Exceptions::stacking, 1, 64},
    {"vectoring", &Exceptions::vectoring, 1, 64},   {"parallel", &Exceptions::parallel, 0, 1},
    {"fp_frame", &Exceptions::fp_frame, 0, 64},
};

template <typename Parameters, std::size_t N>
std::optional<Parameters> read_section(TableReader& core, const char* name,
                                       const ParameterKey<Parameters> (&keys)[N]) {
  const Node* node = core.find(name);
  if (!node) return std::nullopt;
  TableReader reader(*node, std::string("core_override.") + name);
  const Parameters parameters = read_parameters<Parameters>(reader, keys);
  reader.finish();
  return parameters;
}

}  // namespace

void read_pipelines(TableReader& reader, CoreModel& core) {
  const auto exceptions = read_section(reader, "exceptions", kExceptionKeys);
  if (!exceptions) reader.require("exceptions", "a table of the exception mechanism's cycles");
  core.exceptions = *exceptions;
  const Exceptions& e = core.exceptions;
  const unsigned least = e.parallel != 0 ? std::max(e.stacking, e.vectoring) : e.stacking + e.vectoring;
  if (e.entry < least)
    reader.fail_at("exceptions", "entry is shorter than what it consists of",
                   "raise it, or lower stacking and vectoring");
  core.pipeline = read_section(reader, "pipeline", kM4Keys);
  if (core.pipeline && core.pipeline->divide_least > core.pipeline->divide_most)
    reader.fail_at("pipeline", "divide_least is more than divide_most", "correct one of the two");
  core.pipeline_m7 = read_section(reader, "pipeline_m7", kM7Keys);
  core.pipeline_m0 = read_section(reader, "pipeline_m0", kM0Keys);
  core.pipeline_m33 = read_section(reader, "pipeline_m33", kM33Keys);
  reader.find("pipeline_e200");  // Of vle_model.h.
}

}  // namespace mcusim::mcu_models
