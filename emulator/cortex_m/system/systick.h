#pragma once

#include <cstdint>
#include <functional>

#include "common/units.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator::cortex_m {

/// The system timer (DDI 0403E B3.3): counts down, computed from the time when it is asked.
class SysTick {
 public:
  /// `pend` makes the SysTick exception pending.
  SysTick(Scheduler& scheduler, std::function<void()> pend) : scheduler_(scheduler), pend_(std::move(pend)) {}

  void reset();
  std::uint32_t read(std::uint32_t offset);  ///< 0 CSR, 4 RVR, 8 CVR, 12 CALIB.
  void write(std::uint32_t offset, std::uint32_t value);

 private:
  static constexpr std::uint32_t kEnable = 1, kTickInterrupt = 2, kProcessorClock = 4, kCountFlag = 1u << 16;
  /// The external reference of STM32 parts is the core clock divided by 8.
  static constexpr Cycles kReferenceDivider = 8;

  bool runs() const { return (control_ & kEnable) != 0; }
  Cycles divider() const { return (control_ & kProcessorClock) ? 1 : kReferenceDivider; }
  void advance();   ///< Brings value_ and the count flag to the present.
  void schedule();  ///< Asks for a call when the counter reaches 0 next.

  Scheduler& scheduler_;
  std::function<void()> pend_;
  std::uint32_t control_ = 0, reload_ = 0, value_ = 0;
  bool count_flag_ = false;
  Cycles anchor_ = 0;             ///< When value_ was right.
  std::uint64_t generation_ = 0;  ///< Scheduled calls of an older one are void.
};

}  // namespace mcusim::emulator::cortex_m
