#pragma once

#include <cstdint>

#include "emulator/bus/bus.h"
#include "emulator/peripherals/not_modelled.h"
#include "emulator/peripherals/register_store.h"
#include "emulator/scheduler.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The private peripherals of a Cortex-M at 0xE0000000 for an engine that delivers no exceptions: what
/// firmware polls or reads back at its start, and the cycle counter. NVIC and MPU registers are only stored;
/// switching on an interrupt or the MPU goes into the log, because it has no effect.
///
/// Sources: Armv7-M Architecture Reference Manual (DDI 0403E) B3 and C1; Cortex-M7 TRM (DDI 0489) for the
/// cache registers.
class BasicSystemSpace : public Device {
 public:
  static constexpr Address kBase = 0xe0000000;
  static constexpr Bytes kSize = 0x10000;

  struct Options {
    Address vector_table = 0;  ///< What VTOR reads after reset.
    /// The DWT ignores writes until 0xC5ACCE55 is written to its lock access register.
    bool dwt_lock = false;
    /// Sizes that CCSIDR tells, where the core has L1 caches: 4 ways data, 2 ways instructions, lines of
    /// 32 bytes.
    std::uint32_t l1_data_bytes = 16384;
    std::uint32_t l1_instruction_bytes = 16384;
  };

  BasicSystemSpace(const mcu_models::CoreModel& core, mcu_models::Fpu fpu, const Scheduler& scheduler,
                   const Options& options, NotModelledLog* log);

  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;

 private:
  std::uint32_t read_word(std::uint32_t offset);
  void write_word(std::uint32_t offset, std::uint32_t value);

  bool counter_runs() const;
  std::uint32_t cycle_count() const;
  void set_cycle_count(std::uint32_t value);
  void write_dwt(std::uint32_t offset, std::uint32_t value);

  /// Brings the SysTick counter up to the scheduler's time.
  void advance_systick();
  std::uint32_t cache_size_id() const;

  const Scheduler& scheduler_;
  Options options_;
  NotModelledLog* log_;
  bool has_cycle_counter_;
  bool has_l1_caches_;
  RegisterStore store_;
  bool dwt_unlocked_ = false;
  std::uint32_t cycle_base_ = 0;  ///< CYCCNT minus the time while it runs, CYCCNT while it stands.
  std::uint32_t systick_value_ = 0;
  Cycles systick_time_ = 0;
  bool systick_flag_ = false;
};

}  // namespace mcusim::emulator
