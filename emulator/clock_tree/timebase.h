#pragma once

#include "common/units.h"

namespace mcusim::emulator::clock_tree {

/// Emulated seconds of a core whose clock changes: the sum over the intervals of cycles / clock. Times are
/// core cycles since reset, as the Scheduler counts them.
class Timebase {
 public:
  explicit Timebase(Hertz clock) : clock_(clock) {}

  /// `clock` holds from cycle `now` on; `now` must not lie before an earlier change.
  void change(Cycles now, Hertz clock);
  Hertz clock() const { return clock_; }

  /// Emulated time at cycle `now`, which must not lie before the last change.
  double seconds(Cycles now) const;
  /// The first cycle at or after `seconds` if the clock stays as it is; the cycle of the last change when
  /// that moment has passed.
  Cycles cycle_at(double seconds) const;

 private:
  Hertz clock_;
  Cycles since_ = 0;
  double seconds_ = 0;  ///< At `since_`.
};

/// The count of another clock of the chip, as a timer sees it, in terms of core cycles. It never runs
/// backwards; a change of clocks drops the fraction of a tick that had passed.
class DomainClock {
 public:
  /// From cycle `now` on the domain runs at `domain` Hz, 0 for stopped, and the core at `core`. Both must be
  /// below 2^32.
  void change(Cycles now, Hertz core, Hertz domain);

  /// Cycle 0 and tick 0 are now.
  void restart() { since_ = ticks_ = 0; }

  /// Ticks up to cycle `now`, which must not lie before the last change.
  std::uint64_t ticks(Cycles now) const;
  /// The first cycle at which ticks() reaches `ticks` if the clocks stay as they are; Scheduler::kNever when
  /// the domain is stopped or the cycle is beyond 64 bits.
  Cycles cycle_at(std::uint64_t ticks) const;
  /// Core cycles that `ticks` last, rounded up; Scheduler::kNever as above.
  Cycles cycles_for(std::uint64_t ticks) const;

 private:
  Cycles since_ = 0;
  std::uint64_t ticks_ = 0;  ///< At `since_`.
  Hertz per_ = 1;            ///< `domain_` ticks in `per_` core cycles, in lowest terms.
  Hertz domain_ = 1;
};

}  // namespace mcusim::emulator::clock_tree
