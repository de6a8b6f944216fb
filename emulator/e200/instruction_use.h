#pragma once

#include "emulator/e200/encodings.h"
#include "emulator/timing/pipeline_e200.h"

namespace mcusim::emulator::e200 {

/// What the pipeline's rules ask of an instruction: the registers come from the letters of its encoding's operands,
/// the rest from its class.
PipelineE200::Facts facts_of(const Operation& op, const Encoding& encoding,
                             const mcu_models::PipelineE200Parameters& parameters);

}  // namespace mcusim::emulator::e200
