#pragma once

#include <algorithm>
#include <optional>

#include "emulator/engine.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator {

/// When a native core returns from run() or step() for reasons that are not its own: limits, requests, single
/// steps and probes. A step is due first, then granted to one instruction, then done.
class RunControl {
 public:
  /// `pc`: where execution stands.
  void begin(Cycles limit, Address pc) {
    limit_ = limit;
    stop_requested_ = false;
    exit_code_.reset();
    step_ = Step::off;
    // A probe was passed only if execution still stands there.
    if (passed_probe_ != pc) passed_probe_.reset();
  }
  void begin_step(Cycles now, Address pc) {
    begin(now + kLongestStep, pc);
    step_ = Step::due;
  }
  /// The core begins anew.
  void restart() { passed_probe_.reset(); }

  void request_stop() { stop_requested_ = true; }
  void request_exit(int code) {
    exit_code_ = code;
    stop_requested_ = true;
  }

  /// The core must look at it before each instruction.
  bool waits() const { return stepping() || stop_requested_; }
  /// The instruction that was granted executes whatever the deadline says.
  bool stepping() const { return step_ != Step::off; }
  Cycles limit() const { return limit_; }
  int exit_code() const { return exit_code_.value_or(0); }

  /// At the boundary of an instruction: why the run ends there, if it does.
  std::optional<StopReason> end(Cycles now) const {
    if (exit_code_) return StopReason::exit_request;
    if (stop_requested_) return StopReason::requested;
    if (step_ == Step::granted) return StopReason::step;
    if (now >= limit_) return StopReason::cycle_limit;
    return std::nullopt;
  }
  void grant_step() {
    if (step_ == Step::due) step_ = Step::granted;
  }
  /// Whether to stop at the probe at `pc`; the next time execution passes it.
  bool stops_at_probe(Address pc) {
    if (passed_probe_ == pc) {
      passed_probe_.reset();
      return false;
    }
    passed_probe_ = pc;
    return true;
  }

  enum class Wait : std::uint8_t { woken, interrupted, forever };
  /// Nothing executes until `wakes`: time jumps from event to event, `cycles` with it. Interrupted by the end
  /// of the run.
  template <typename Wakes>
  Wait skip_time(Scheduler& scheduler, Cycles& cycles, const Wakes& wakes) const {
    for (;;) {
      scheduler.set_now(cycles);
      scheduler.serve();
      if (wakes()) return Wait::woken;
      if (stop_requested_) return Wait::interrupted;
      if (scheduler.next() == Scheduler::kNever) return Wait::forever;
      cycles = std::max(cycles, std::min(scheduler.next(), limit_));
      if (cycles >= limit_) return Wait::interrupted;
    }
  }

 private:
  /// A debugger that steps into sleep must get the machine back.
  static constexpr Cycles kLongestStep = 10'000'000;

  enum class Step : std::uint8_t { off, granted, due };
  Step step_ = Step::off;
  bool stop_requested_ = false;
  Cycles limit_ = 0;
  std::optional<int> exit_code_;
  std::optional<Address> passed_probe_;
};

}  // namespace mcusim::emulator
