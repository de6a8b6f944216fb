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
  core.pipeline_m0 = read_section(reader, "pipeline_m0", kM0Keys);
  core.pipeline_m33 = read_section(reader, "pipeline_m33", kM33Keys);
}

}  // namespace mcusim::mcu_models
