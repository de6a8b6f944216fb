#pragma once

#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/wiring.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator {

/// The counter of an STM32 timer (RM0433 chapters 38 to 41): CR1.CEN/UDIS/URS/OPM, PSC with its buffer, ARR,
/// CNT, EGR.UG, SR.UIF, DIER.UIE with its interrupt. It counts up; one count is PSC + 1 ticks of the timer's
/// clock. Channels, slave modes and DMA are registers without effect.
class Timer : public RegisterFile {
 public:
  /// The reset value of ARR in `model` tells the counter's width; without one it has 32 bits.
  Timer(const mcu_models::PeripheralModel& model, Scheduler& scheduler, const Wiring& wiring = {});

  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;

 private:
  /// Brings CNT and SR up to the scheduler's time.
  void advance();
  void update_event();
  bool enabled() const;
  std::uint64_t ticks() const;
  /// Sets the interrupt line, and asks for a call at the next overflow when one could raise it.
  void update_interrupt();

  Scheduler& scheduler_;
  const clock_tree::DomainClock* clock_;
  InterruptLines* interrupts_;
  int interrupt_;
  Cycles call_at_ = Scheduler::kNever;
  std::uint64_t generation_ = 0;  ///< Scheduled calls of an older one are void.
  std::uint32_t mask_;
  std::uint64_t time_ = 0;       ///< CNT is true at this tick of the clock,
  std::uint64_t remainder_ = 0;  ///< but for so many ticks of a count already gone.
  std::uint32_t prescale_ = 0;   ///< The value in use; PSC takes effect at an update event.
};

}  // namespace mcusim::emulator
