#include "emulator/cortex_m/system/interrupt_controller.h"

#include <algorithm>

namespace mcusim::emulator::cortex_m {

InterruptController::InterruptController(unsigned interrupt_count, unsigned priority_bits)
    : count_(std::min(kExceptions, kFirstInterrupt + interrupt_count)),
      implemented_mask_(static_cast<std::uint8_t>(0xff00u >> std::clamp(priority_bits, 1u, 8u))) {
  reset();
}

void InterruptController::reset() {
  states_.fill({});
  // The configurable faults are enabled by SHCSR; the other system exceptions always are.
  for (const unsigned number : {kNmi, kHardFault, kSvCall, kDebugMonitor, kPendSv, kSysTick}) {
    states_[number].enabled = true;
  }
  set_grouping(0);
}

void InterruptController::set_enabled(unsigned number, bool enabled) {
  if (!valid(number)) return;
  states_[number].enabled = enabled;
  update();
}

void InterruptController::set_pending(unsigned number, bool pending) {
  if (!valid(number)) return;
  states_[number].pending = pending || (states_[number].level && !states_[number].active);
  update();
}

void InterruptController::set_priority(unsigned number, std::uint8_t priority) {
  if (!valid(number)) return;
  states_[number].priority = priority & implemented_mask_;
  update();
}

void InterruptController::set_level(unsigned number, bool level) {
  if (!valid(number) || states_[number].level == level) return;
  states_[number].level = level;
  if (level) states_[number].pending = true;
  update();
}

void InterruptController::set_grouping(unsigned prigroup) {
  grouping_ = prigroup & 7;
  group_mask_ = static_cast<int>((0xffu << (grouping_ + 1)) & 0xff);
  update();
}

void InterruptController::set_active(unsigned number, bool active) {
  if (!valid(number)) return;
  states_[number].active = active;
  update();
}

void InterruptController::activate(unsigned number) {
  states_[number].active = true;
  states_[number].pending = false;
  update();
}

void InterruptController::deactivate(unsigned number) {
  states_[number].active = false;
  if (states_[number].level) states_[number].pending = true;
  update();
}

int InterruptController::group_priority(unsigned number) const {
  if (number <= kHardFault) return static_cast<int>(number) - 4;
  return states_[number].priority & group_mask_;
}

bool InterruptController::any_interrupt_pending() const {
  return std::any_of(states_.begin() + kFirstInterrupt, states_.begin() + count_,
                     [](const State& state) { return state.pending; });
}

// Sub-priorities choose among pending exceptions of one group, then the lower number.
void InterruptController::update() {
  next_ = 0;
  next_priority_ = active_priority_ = kIdlePriority;
  active_count_ = 0;
  int best = kIdlePriority;
  for (unsigned number = kReset; number < count_; ++number) {
    const State& state = states_[number];
    if (state.active) {
      ++active_count_;
      active_priority_ = std::min(active_priority_, group_priority(number));
    }
    if (!state.pending || !state.enabled) continue;
    const int full = number <= kHardFault ? group_priority(number) : state.priority;
    if (full < best) {
      best = full;
      next_ = number;
      next_priority_ = group_priority(number);
    }
  }
}

}  // namespace mcusim::emulator::cortex_m
