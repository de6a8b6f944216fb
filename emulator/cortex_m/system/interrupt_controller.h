#pragma once

#include <array>
#include <cstdint>

namespace mcusim::emulator::cortex_m {

/// Exception numbers (DDI 0403E B1.5.2); external interrupt n is exception 16 + n.
enum ExceptionNumber : unsigned {
  kReset = 1,
  kNmi = 2,
  kHardFault = 3,
  kMemManage = 4,
  kBusFault = 5,
  kUsageFault = 6,
  kSvCall = 11,
  kDebugMonitor = 12,
  kPendSv = 14,
  kSysTick = 15,
  kFirstInterrupt = 16,
};

/// Which exceptions are enabled, pending and active, and which of them comes next. Priorities are the
/// architecture's: smaller is more urgent, reset -3, NMI -2, HardFault -1; kIdlePriority when nothing is
/// active.
class InterruptController {
 public:
  static constexpr int kIdlePriority = 256;
  static constexpr unsigned kExceptions = 16 + 496;

  InterruptController(unsigned interrupt_count, unsigned priority_bits);

  void reset();
  unsigned exception_count() const { return count_; }

  bool enabled(unsigned number) const { return states_[number].enabled; }
  bool pending(unsigned number) const { return states_[number].pending; }
  bool active(unsigned number) const { return states_[number].active; }
  std::uint8_t priority(unsigned number) const { return states_[number].priority; }
  bool level(unsigned number) const { return states_[number].level; }

  void set_enabled(unsigned number, bool enabled);
  void set_pending(unsigned number, bool pending);
  void set_priority(unsigned number, std::uint8_t priority);
  /// An input line; a rising edge makes the interrupt pending, and it becomes so again on return from its
  /// handler while the line is high.
  void set_level(unsigned number, bool level);
  void set_grouping(unsigned prigroup);
  unsigned grouping() const { return grouping_; }

  /// As firmware writes it to SHCSR; entry and return use activate() and deactivate().
  void set_active(unsigned number, bool active);
  void activate(unsigned number);
  void deactivate(unsigned number);

  /// The priority that decides preemption: without the sub-priority bits.
  int group_priority(unsigned number) const;
  /// `priority` without the bits that do not exist.
  std::uint8_t implemented(std::uint32_t priority) const {
    return static_cast<std::uint8_t>(priority & implemented_mask_);
  }
  int group_priority_of(std::uint8_t priority) const { return priority & group_mask_; }

  /// The pending and enabled exception of highest priority, 0 when there is none.
  unsigned next() const { return next_; }
  int next_priority() const { return next_priority_; }
  /// Of all active exceptions.
  int active_priority() const { return active_priority_; }
  unsigned active_count() const { return active_count_; }
  /// An interrupt is pending, enabled or not (ICSR.ISRPENDING).
  bool any_interrupt_pending() const;

 private:
  struct State {
    bool enabled = false, pending = false, active = false, level = false;
    std::uint8_t priority = 0;
  };
  bool valid(unsigned number) const { return number < count_; }
  void update();

  unsigned count_;
  std::uint8_t implemented_mask_;
  unsigned grouping_ = 0;
  int group_mask_ = 0xff;
  std::array<State, kExceptions> states_{};
  unsigned next_ = 0;
  int next_priority_ = kIdlePriority;
  int active_priority_ = kIdlePriority;
  unsigned active_count_ = 0;
};

}  // namespace mcusim::emulator::cortex_m
