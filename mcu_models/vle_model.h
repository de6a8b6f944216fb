#pragma once

#include <optional>

#include "mcu_models/mcu_model.h"

namespace mcusim::mcu_models {

/// Numbers of the pipeline rules of e200z4 (emulator/timing/pipeline_e200.h); cycles unless said. Distances
/// count from the issue of a producer to that of its consumer.
struct PipelineE200Parameters {
  unsigned issue_width = 2;      ///< Instructions per cycle, 1 or 2.
  unsigned load = 2;             ///< Distance of a loaded value.
  unsigned multiply = 2;         ///< Distance of a product.
  unsigned fp_result = 2;        ///< Distance of FP addition, multiplication, conversion.
  unsigned fp_divide = 13;       ///< Of the instruction, which blocks.
  unsigned fp_square_root = 15;  ///< The same.
  unsigned divide_least = 4;     ///< Quotient of few bits; rises linearly to
  unsigned divide_most = 14;     ///< a quotient of 32 bits. Blocks.
  unsigned btb_entries = 8;      ///< Of the branch target buffer.
  unsigned btb_miss = 2;         ///< A taken branch that it does not hold, beyond its own cycle.
  unsigned mispredict = 3;       ///< A branch that it predicted wrongly, beyond its own cycle.
  unsigned indirect = 2;         ///< A branch to a register that it does not predict, beyond its own cycle.
  unsigned local_access = 0;     ///< Further cycles of an access to the core's own memories.
  unsigned ram_access = 1;       ///< Further cycles of an access to the system RAM over the crossbar.
  unsigned ram_wait = 1;         ///< More with the RAM controller's FT_DIS.
  unsigned flash_overhead = 3;   ///< Around a read of the flash: crossbar and controller.
  unsigned line_beat = 2;        ///< For each 64 bits of a line that fills a cache.
  unsigned device_access = 6;    ///< Further cycles of an access to a peripheral.
};

/// What the file of a VLE core says beyond McuModel.
struct VleModel {
  std::optional<PipelineE200Parameters> pipeline;  ///< Empty: this core has no pipeline model.
};

/// Reads [pipeline_e200] of the core's file.
VleModel load_vle_model(const McuModel& mcu);

}  // namespace mcusim::mcu_models
