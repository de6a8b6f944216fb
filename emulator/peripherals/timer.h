#pragma once

#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/wiring.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator {

/// The counter of an STM32 timer (RM0433 chapters 38 to 41): CR1.CEN/UDIS/URS/OPM/ARPE, PSC with its buffer,
/// ARR, CNT, EGR, SR.UIF. It counts up; one count is PSC + 1 ticks of the timer's clock. A channel whose
/// CCMR makes it an output raises SR.CCxIF when the counter reaches CCRx, or overflows below it. UIE and
/// CCxIE in DIER make flags interrupts. Counting down, capture, outputs, repetition, slave modes and DMA are
/// registers without effect.
class Timer : public RegisterFile {
 public:
  /// The reset value of ARR in `model` tells the counter's width; without one it has 32 bits. It has those of
  /// the channels 1 to 4 whose CCRx it names. PeripheralModel::interrupts, where there are any, are those of
  /// the update and of the channels.
  Timer(const mcu_models::PeripheralModel& model, Scheduler& scheduler, const Wiring& wiring = {});

  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;
  void clocks_changed() override;

 private:
  /// Brings CNT and SR up to the scheduler's time.
  void advance();
  void overflow();
  void update_event();
  /// The counter has taken the values from `first` to `last`.
  void match(std::uint64_t first, std::uint64_t last);
  void match_beyond_reload();
  bool compares(unsigned channel) const;
  bool enabled() const;
  std::uint64_t ticks() const;
  std::uint64_t top() const;
  std::uint64_t ticks_to(std::uint64_t count) const;
  void write_register(std::uint32_t offset, unsigned width, std::uint32_t value);
  /// Sets the interrupt lines, and asks for a call when the next flag could raise one.
  void update_interrupt();
  std::uint64_t next_flag(std::uint32_t wanted) const;

  static constexpr unsigned kChannels = 4;

  Scheduler& scheduler_;
  const clock_tree::DomainClock* clock_;
  InterruptLines* interrupts_;
  int update_interrupt_number_;
  int channel_interrupt_number_;
  unsigned channels_ = 0;  ///< One bit each.
  Cycles call_at_ = Scheduler::kNever;
  std::uint64_t generation_ = 0;  ///< Scheduled calls of an older one are void.
  std::uint32_t mask_;
  std::uint64_t time_ = 0;       ///< CNT is true at this tick of the clock,
  std::uint64_t remainder_ = 0;  ///< but for so many ticks of a count already gone.
  std::uint32_t prescale_ = 0;   ///< The value in use; PSC takes effect at an update event.
  std::uint32_t reload_ = 0;     ///< The value in use; with ARPE so does ARR.
};

}  // namespace mcusim::emulator
