#include "emulator/cortex_m/full_timing.h"

#include <fmt/format.h>

#include "common/error.h"
#include "emulator/timing/m7/pipeline_m7.h"
#include "emulator/timing/pipeline_m0.h"
#include "emulator/timing/pipeline_m33.h"
#include "emulator/timing/pipeline_m4.h"

namespace mcusim::emulator::cortex_m {

namespace {

/// TEX, C and B as Armv7-M codes them (DDI 0403E B3.5.8); inner policies, as the L1 caches follow them.
Cacheability cacheability_of(unsigned memory_type) {
  static constexpr Cacheability kPolicies[] = {Cacheability::uncached, Cacheability::write_back,
                                               Cacheability::write_through, Cacheability::write_back};
  const unsigned tex = memory_type >> 2, cb = memory_type & 3;
  if (tex >= 4) return kPolicies[cb];
  if (tex == 0 && cb >= 2) return kPolicies[cb];
  if (tex == 1 && cb == 0) return Cacheability::uncached;
  if (tex == 1 && cb == 3) return Cacheability::write_back;
  return Cacheability::device;
}

}  // namespace

std::unique_ptr<FullModel> make_full_model(const mcu_models::McuModel& mcu, Bus& bus, Core& core) {
  const auto read_register = [&bus, &core](Address address) {
    return SystemControl::contains(address) ? core.system().read(address, 4) : bus.read(address, 4).value;
  };
  if (mcu.core.pipeline) return std::make_unique<FullModelOf<PipelineM4>>(mcu, read_register);
  if (mcu.core.pipeline_m7) {
    const auto cacheability = [&core](Address address) {
      const std::optional<unsigned> type = core.system().mpu.memory_type(address);
      return type ? cacheability_of(*type) : default_cacheability(address);
    };
    return std::make_unique<FullModelOf<PipelineM7>>(mcu, MemoryM7::Environment{read_register, cacheability});
  }
  if (mcu.core.pipeline_m0) return std::make_unique<FullModelOf<PipelineM0>>(mcu, read_register);
  if (mcu.core.pipeline_m33) return std::make_unique<FullModelOf<PipelineM33>>(mcu, read_register);
  throw InputError(
      fmt::format("{}: full timing is not modelled yet for {}, use --timing table", mcu.name, mcu.core.name));
}

}  // namespace mcusim::emulator::cortex_m
