#pragma once

#include <array>

#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/wiring.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator {

/// An STM32 LPTIM (RM0351 chapter 30): counts its kernel clock behind CFGR.PRESC up to ARR, continuously or
/// once (CR.CNTSTRT, SNGSTRT). ISR.CMPM and ARRM say that the counter has reached CMP and ARR, CMPOK and
/// ARROK that a value written to them has arrived in the timer's clock domain. External clocks and triggers,
/// the encoder mode and the output are registers without effect.
class LowPowerTimer : public RegisterFile {
 public:
  LowPowerTimer(const mcu_models::PeripheralModel& model, const Wiring& wiring);

  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;
  void clocks_changed() override;

 private:
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  std::uint64_t ticks() const;
  /// Brings CNT and ISR up to the scheduler's time.
  void advance();
  void control(std::uint32_t value);
  /// Sets the interrupt line, and asks for a call when the next flag could raise it.
  void update_interrupt();
  /// Counts until CNT is `value`; kNever if it does not come by.
  std::uint64_t counts_to(std::uint32_t value) const;
  std::uint64_t ticks_to(std::uint32_t value) const;
  std::uint32_t reload() const { return store_.word(kArr) & 0xffff; }
  std::uint64_t ticks_per_count() const { return std::uint64_t{1} << (store_.word(kCfgr) >> 9 & 7); }
  void raise(std::uint32_t flags) { store_.set_word(kIsr, store_.word(kIsr) | flags); }

  static constexpr std::uint32_t kIsr = 0x00, kIcr = 0x04, kIer = 0x08, kCfgr = 0x0c, kCr = 0x10, kCmp = 0x14,
                                 kArr = 0x18, kCnt = 0x1c;

  Scheduler& scheduler_;
  const clock_tree::DomainClock* clock_;
  InterruptLines* interrupts_;
  int interrupt_;
  bool runs_ = false, once_ = false;
  std::uint64_t time_ = 0;       ///< CNT is true at this tick of the clock,
  std::uint64_t remainder_ = 0;  ///< but for so many ticks of a count already gone.
  std::array<std::uint64_t, 2> arrives_ = {kNever, kNever};  ///< Tick of CMPOK, ARROK.
  std::uint64_t generation_ = 0;                             ///< Scheduled calls of an older one are void.
};

}  // namespace mcusim::emulator
