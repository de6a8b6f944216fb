#include "emulator/cortex_m/system/systick.h"

namespace mcusim::emulator::cortex_m {

void SysTick::reset() {
  control_ = reload_ = value_ = 0;
  count_flag_ = false;
  anchor_ = scheduler_.now();
  ++generation_;
}

void SysTick::advance() {
  if (!runs()) {
    anchor_ = scheduler_.now();
    return;
  }
  Cycles ticks = (scheduler_.now() - anchor_) / divider();
  anchor_ += ticks * divider();
  if (ticks == 0) return;
  if (value_ == 0) {  // one tick loads the reload value, without raising the flag
    value_ = reload_;
    --ticks;
  }
  if (value_ == 0) return;
  if (ticks < value_) {
    value_ -= static_cast<std::uint32_t>(ticks);
    return;
  }
  count_flag_ = true;
  const Cycles past_zero = (ticks - value_) % (Cycles{reload_} + 1);
  value_ = past_zero == 0 ? 0 : static_cast<std::uint32_t>(reload_ + 1 - past_zero);
}

void SysTick::schedule() {
  const std::uint64_t generation = ++generation_;
  if (!runs() || (control_ & kTickInterrupt) == 0) return;
  const Cycles ticks = value_ != 0 ? value_ : Cycles{reload_} + 1;
  if (value_ == 0 && reload_ == 0) return;
  scheduler_.at(anchor_ + ticks * divider(), [this, generation] {
    if (generation != generation_) return;
    advance();
    pend_();
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
      return 0;  // CALIB: no calibration value
  }
}

void SysTick::write(std::uint32_t offset, std::uint32_t value) {
  advance();
  switch (offset) {
    case 0:
      control_ = value & 7;
      break;
    case 4:
      reload_ = value & 0xffffff;
      break;
    case 8:  // any write clears the counter and the flag
      value_ = 0;
      count_flag_ = false;
      anchor_ = scheduler_.now();
      break;
    default:
      return;
  }
  schedule();
}

}  // namespace mcusim::emulator::cortex_m
