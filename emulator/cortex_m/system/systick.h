#pragma once

#include <cstdint>
#include <functional>

#include "common/units.h"
#include "emulator/clock_tree/timebase.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator::cortex_m {

/// The system timer (DDI 0403E B3.3): counts down, computed from the time when it is asked.
class SysTick {
 public:
  struct Options {
    /// What CLKSOURCE = 0 counts; it must outlive this object. Null: the core clock divided by 8.
    const clock_tree::DomainClock* reference = nullptr;
    std::uint32_t calibration = 0;  ///< What SYST_CALIB reads.
  };

  /// `pend` makes the SysTick exception pending; empty: there are no exceptions.
  SysTick(Scheduler& scheduler, Options options, std::function<void()> pend);

  void reset();
  std::uint32_t read(std::uint32_t offset);  ///< 0 CSR, 4 RVR, 8 CVR, 12 CALIB.
  void write(std::uint32_t offset, std::uint32_t value);

 private:
  static constexpr std::uint32_t kEnable = 1, kTickInterrupt = 2, kProcessorClock = 4, kCountFlag = 1u << 16;

  bool runs() const { return (control_ & kEnable) != 0; }
  const clock_tree::DomainClock& clock() const;
  std::uint64_t ticks() const { return clock().ticks(scheduler_.now()); }
  /// Brings the counter and its flag to the present, and makes the exception pending when it passed 0.
  void advance();
  void schedule();  ///< Asks for a call when the counter reaches 0 next.

  Scheduler& scheduler_;
  const Options options_;
  std::function<void()> pend_;
  clock_tree::DomainClock core_clock_, eighth_;
  std::uint32_t control_ = 0, reload_ = 0, value_ = 0;
  bool count_flag_ = false;
  std::uint64_t time_ = 0;        ///< The tick of clock() at which value_ was right.
  std::uint64_t generation_ = 0;  ///< Scheduled calls of an older one are void.
};

}  // namespace mcusim::emulator::cortex_m
