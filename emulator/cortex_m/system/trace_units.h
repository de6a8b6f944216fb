#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "common/units.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator::cortex_m {

/// DWT (DDI 0403E C1.8): the cycle counter with its lock, and storage for the rest. The event counters
/// CPICNT, LSUCNT, FOLDCNT and the comparators hold what is written; EXCCNT and SLEEPCNT likewise.
class Dwt {
 public:
  /// `locked_at_reset`: writes are ignored until the key is in the lock access register, as on Cortex-M7.
  Dwt(Scheduler& scheduler, bool present, bool locked_at_reset)
      : scheduler_(scheduler), present_(present), locks_(locked_at_reset), locked_(locked_at_reset) {}

  void reset();
  std::uint32_t read(std::uint32_t offset) const;
  void write(std::uint32_t offset, std::uint32_t value);
  /// DEMCR.TRCENA.
  void set_trace_enabled(bool enabled);
  bool trace_enabled() const { return trace_enabled_; }

 private:
  bool counts() const { return present_ && trace_enabled_ && (control_ & 1) != 0; }
  std::uint32_t cycle_count() const;
  void settle();  ///< Keeps the count when counting starts or stops.

  Scheduler& scheduler_;
  bool present_, locks_, locked_;
  bool trace_enabled_ = false;
  std::uint32_t control_ = 0;
  std::uint32_t count_ = 0;
  Cycles since_ = 0;
  std::array<std::uint32_t, 32> storage_{};
};

/// ITM stimulus ports (DDI 0403E C1.7): what firmware prints over SWO.
class Itm {
 public:
  using Listener = std::function<void(unsigned port, unsigned width, std::uint32_t value)>;

  void set_listener(Listener listener) { listener_ = std::move(listener); }
  void reset();
  std::uint32_t read(std::uint32_t offset) const;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value, bool trace_enabled);

 private:
  Listener listener_;
  std::uint32_t control_ = 0, enabled_ports_ = 0, privilege_ = 0;
};

}  // namespace mcusim::emulator::cortex_m
