#include "emulator/cortex_m/full_timing.h"

#include <fmt/format.h>

#include "common/error.h"
#include "emulator/timing/m7/pipeline_m7.h"
#include "emulator/timing/pipeline_m4.h"

namespace mcusim::emulator::cortex_m {

std::unique_ptr<FullModel> make_full_model(const mcu_models::McuModel& mcu, Bus& bus, Core& core) {
  const auto read_register = [&bus, &core](Address address) {
    return SystemControl::contains(address) ? core.system().read(address, 4) : bus.read(address, 4).value;
  };
  if (mcu.core.pipeline) return std::make_unique<FullModelOf<PipelineM4>>(mcu, read_register);
  if (mcu.core.pipeline_m7) {
    return std::make_unique<FullModelOf<PipelineM7>>(
        mcu, MemoryM7::Environment{read_register, default_cacheability});
  }
  throw InputError(
      fmt::format("{}: full timing is not modelled yet for {}, use --timing table", mcu.name, mcu.core.name));
}

}  // namespace mcusim::emulator::cortex_m
