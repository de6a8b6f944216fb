#include "emulator/cortex_m/system/systick.h"

#include <algorithm>

namespace mcusim::emulator::cortex_m {

SysTick::SysTick(Scheduler& scheduler, Options options, std::function<void()> pend)
    : scheduler_(scheduler), options_(options), pend_(std::move(pend)) {
  eighth_.change(0, 8, 1);
}

const clock_tree::DomainClock& SysTick::clock() const {
  if ((control_ & kProcessorClock) != 0) return core_clock_;
  return options_.reference != nullptr ? *options_.reference : eighth_;
}

void SysTick::reset() {
  control_ = reload_ = value_ = 0;
  count_flag_ = false;
  time_ = ticks();
  ++generation_;
}

void SysTick::advance() {
  const std::uint64_t now = ticks();
  std::uint64_t passed = now - time_;
  time_ = now;
  if (!runs() || passed == 0) return;
  if (value_ == 0) {  // one tick loads the reload value, without raising the flag
    value_ = reload_;
    --passed;
  }
  if (value_ == 0) return;
  if (passed < value_) {
    value_ -= static_cast<std::uint32_t>(passed);
    return;
  }
  const std::uint64_t past_zero = (passed - value_) % (std::uint64_t{reload_} + 1);
  value_ = past_zero == 0 ? 0 : static_cast<std::uint32_t>(reload_ + 1 - past_zero);
  count_flag_ = true;
  if ((control_ & kTickInterrupt) != 0 && pend_) pend_();
}

void SysTick::schedule() {
  const std::uint64_t generation = ++generation_;
  if (!runs() || (control_ & kTickInterrupt) == 0 || !pend_) return;
  if (value_ == 0 && reload_ == 0) return;
  const std::uint64_t left = value_ != 0 ? value_ : std::uint64_t{reload_} + 1;
  const Cycles due = clock().cycle_at(time_ + left);
  if (due == Scheduler::kNever) return;
  // After a change of clocks the call may come too early; it then asks again.
  scheduler_.at(std::max(due, scheduler_.now() + 1), [this, generation] {
    if (generation != generation_) return;
    advance();
    schedule();
  });
}

std::uint32_t SysTick::read(std::uint32_t offset) {
  advance();
  switch (offset) {
    case 0: {
      const std::uint32_t result = control_ | (count_flag_ ? kCountFlag : 0);
      count_flag_ = false;
      return result;
    }
    case 4:
      return reload_;
    case 8:
      return value_;
    default:
      return options_.calibration;
  }
}

void SysTick::write(std::uint32_t offset, std::uint32_t value) {
  advance();
  switch (offset) {
    case 0:
      control_ = value & (kEnable | kTickInterrupt | kProcessorClock);
      time_ = ticks();  // of another clock, perhaps
      break;
    case 4:
      reload_ = value & 0xffffff;
      break;
    case 8:  // any write clears the counter and the flag
      value_ = 0;
      count_flag_ = false;
      break;
    default:
      return;
  }
  schedule();
}

}  // namespace mcusim::emulator::cortex_m
