#pragma once

#include <cstdint>

#include "emulator/bus/bus.h"
#include "emulator/cortex_m/system/cache_registers.h"
#include "emulator/cortex_m/system/dwt.h"
#include "emulator/cortex_m/system/itm.h"
#include "emulator/cortex_m/system/system_options.h"
#include "emulator/cortex_m/system/systick.h"
#include "emulator/peripherals/not_modelled.h"
#include "emulator/peripherals/register_store.h"
#include "emulator/scheduler.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The private peripherals of a Cortex-M at 0xE0000000 for an engine that delivers no exceptions: what
/// firmware polls or reads back at its start, and the units that the native core has too: SysTick, DWT, ITM
/// and the cache registers. The event counters of the DWT stand still. NVIC and MPU registers are only
/// stored; switching on an interrupt or the MPU goes into the log, because it has no effect.
///
/// Source: Armv7-M Architecture Reference Manual (DDI 0403E) B3 and C1.
class BasicSystemSpace : public Device {
 public:
  static constexpr Address kBase = 0xe0000000;
  static constexpr Bytes kSize = 0x10000;

  struct Options {
    Address vector_table = 0;  ///< What VTOR reads after reset.
    cortex_m::SystemOptions system = {};
  };

  BasicSystemSpace(const mcu_models::McuModel& mcu, Scheduler& scheduler, const Options& options,
                   NotModelledLog* log);

  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;

  cortex_m::Dwt& dwt() { return dwt_; }
  cortex_m::Itm& itm() { return itm_; }

 private:
  std::uint32_t read_word(std::uint32_t offset);
  void write_word(std::uint32_t offset, std::uint32_t value);

  NotModelledLog* log_;
  cortex_m::SysTick systick_;
  cortex_m::Dwt dwt_;
  cortex_m::Itm itm_;
  cortex_m::CacheRegisters caches_;
  RegisterStore store_;
};

}  // namespace mcusim::emulator
