#include "mcu_models/vle_model.h"

#include "mcu_models/library.h"
#include "mcu_models/parameters.h"
#include "mcu_models/reader.h"

namespace mcusim::mcu_models {
namespace {

using E200 = PipelineE200Parameters;
constexpr ParameterKey<E200> kE200Keys[] = {
    {"issue_width", &E200::issue_width, 1, 2},    {"load", &E200::load, 1, 8},
    {"multiply", &E200::multiply, 1, 8},          {"fp_result", &E200::fp_result, 1, 16},
    {"fp_divide", &E200::fp_divide, 1, 64},       {"fp_square_root", &E200::fp_square_root, 1, 64},
    {"divide_least", &E200::divide_least, 1, 64}, {"divide_most", &E200::divide_most, 1, 64},
    {"btb_entries", &E200::btb_entries, 1, 64},   {"btb_miss", &E200::btb_miss, 0, 16},
    {"mispredict", &E200::mispredict, 0, 16},     {"indirect", &E200::indirect, 0, 16},
    {"local_access", &E200::local_access, 0, 16}, {"ram_access", &E200::ram_access, 0, 64},
    {"ram_wait", &E200::ram_wait, 0, 16},         {"flash_overhead", &E200::flash_overhead, 0, 64},
    {"line_beat", &E200::line_beat, 0, 16},       {"device_access", &E200::device_access, 0, 64},
};

PipelineE200Parameters read_pipeline(const Node& node) {
  TableReader reader(node, "pipeline_e200");
  const auto parameters = read_parameters<PipelineE200Parameters>(reader, kE200Keys);
  if (parameters.divide_least > parameters.divide_most)
    reader.fail_at("divide_least", "more than divide_most", "correct one of the two");
  reader.finish();
  return parameters;
}

}  // namespace

VleModel load_vle_model(const McuModel& mcu) {
  VleModel model;
  const Library& library = Library::builtin();
  const Node core = library.load(Folder::cores, mcu.core.name, nullptr, "");
  TableReader core_reader(core, "");
  if (const Node* pipeline = core_reader.find("pipeline_e200")) model.pipeline = read_pipeline(*pipeline);
  return model;
}

}  // namespace mcusim::mcu_models
