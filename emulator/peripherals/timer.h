#pragma once

#include "emulator/clock_tree/timebase.h"
#include "emulator/peripherals/register_file.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator {

/// The counter of an STM32 timer (RM0433 chapters 38 to 41): CR1.CEN/UDIS/URS/OPM, PSC with its buffer, ARR,
/// CNT, EGR.UG, SR.UIF. It counts up; one count is PSC + 1 ticks of the timer's clock. Channels, slave modes,
/// DMA and interrupts are registers without effect.
class Timer : public RegisterFile {
 public:
  /// The reset value of ARR in `model` tells the counter's width; without one it has 32 bits. Without `clock`
  /// the timer counts core cycles.
  Timer(const mcu_models::PeripheralModel& model, const Scheduler& scheduler,
        const clock_tree::DomainClock* clock = nullptr);

  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;

 private:
  /// Brings CNT and SR up to the scheduler's time.
  void advance();
  void update_event();
  bool enabled() const;

  const Scheduler& scheduler_;
  const clock_tree::DomainClock* clock_;
  std::uint32_t mask_;
  std::uint64_t time_ = 0;       ///< CNT is true at this tick of the clock,
  std::uint64_t remainder_ = 0;  ///< but for so many ticks of a count already gone.
  std::uint32_t prescale_ = 0;   ///< The value in use; PSC takes effect at an update event.
};

}  // namespace mcusim::emulator
