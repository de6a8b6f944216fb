#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "common/units.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator::cortex_m {

/// What the event counters of the DWT count, as totals since reset and in the order of their registers.
struct EventTotals {
  enum Event : std::size_t {
    cpi,        ///< Cycles of instructions beyond the first, unless `load_store`.
    exception,  ///< Cycles of exception entry and return.
    sleep,
    load_store,  ///< Cycles of loads and stores beyond the first.
    fold,        ///< Instructions that took no cycle.
  };
  static constexpr std::size_t kEvents = 5;

  /// Modulo 2^64: only differences mean something.
  std::array<std::uint64_t, kEvents> by_event{};
};

/// DWT (DDI 0403E C1.8): the cycle counter, the event counters, and the lock of them where the core has one.
/// The comparators hold what is written. A core without cycle counter (Armv6-M) has no event counters either.
class Dwt {
 public:
  struct Options {
    bool cycle_counter = true;
    bool has_lock = false;      ///< Writes need the key in the lock access register first, as on Cortex-M7.
    bool lock_enforced = true;  ///< False: writes take effect without it, as a debugger leaves it.
  };

  Dwt(const Scheduler& scheduler, Options options) : scheduler_(scheduler), options_(options) { reset(); }

  void reset();
  std::uint32_t read(std::uint32_t offset) const;
  void write(std::uint32_t offset, std::uint32_t value);
  /// DEMCR.TRCENA.
  void set_trace_enabled(bool enabled);
  bool trace_enabled() const { return trace_enabled_; }

  /// Where the event counters look, whenever one of them is on. Without it they stand still.
  void set_event_source(std::function<EventTotals()> source) { events_ = std::move(source); }

  /// One line when the firmware used the counter without ever writing the key that the core asks for.
  std::optional<std::string> lock_warning() const;

 private:
  bool counts_cycles() const { return options_.cycle_counter && trace_enabled_ && (control_ & 1) != 0; }
  bool counts(std::size_t event) const;
  bool counts_events() const;
  std::uint32_t cycle_count() const;
  std::uint32_t event_count(std::size_t event) const;
  void settle();  ///< Keeps the counts when counting starts or stops.
  void write_control(std::uint32_t value);

  const Scheduler& scheduler_;
  Options options_;
  std::function<EventTotals()> events_;
  bool trace_enabled_ = false;
  bool key_written_ = false;
  bool written_without_key_ = false;
  std::uint32_t control_ = 0;
  std::uint32_t count_ = 0;
  Cycles since_ = 0;  ///< When count_ was right.
  std::array<std::uint64_t, EventTotals::kEvents> event_counts_{};
  EventTotals events_since_;                     ///< When event_counts_ were right.
  std::array<std::uint32_t, 16> comparators_{};  ///< Four of COMP, MASK, FUNCTION and a reserved word.
};

}  // namespace mcusim::emulator::cortex_m
