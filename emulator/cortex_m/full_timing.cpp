#include "emulator/cortex_m/full_timing.h"

#include <fmt/format.h>

#include "common/error.h"
#include "emulator/timing/pipeline_m4.h"

namespace mcusim::emulator::cortex_m {

std::unique_ptr<FullModel> make_full_model(const mcu_models::McuModel& mcu,
                                           const ReadRegister& read_register) {
  if (mcu.core.pipeline) return std::make_unique<FullModelOf<PipelineM4>>(mcu, read_register);
  throw InputError(
      fmt::format("{}: full timing is not modelled yet for {}, use --timing table", mcu.name, mcu.core.name));
}

}  // namespace mcusim::emulator::cortex_m
