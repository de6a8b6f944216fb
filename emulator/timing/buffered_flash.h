#pragma once

#include <array>
#include <functional>
#include <optional>

#include "common/units.h"
#include "emulator/timing/cache_counters.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The flash interface of STM32G0: one port to the array, reads of a line, a handful of instruction lines
/// kept beside the one in use, the next line read ahead, and one line of data of its own. A data read takes
/// the port from a read ahead, which starts again afterwards.
///
/// Times are core cycles. A read whose data phase begins at `at` delivers at its end when nothing has to be
/// waited for; the functions answer by how many cycles it is longer.
class BufferedFlash {
 public:
  using ReadRegister = std::function<std::uint32_t(Address)>;
  using Line = std::uint32_t;  ///< Address divided by the bytes of a read.
  static constexpr Line kNoLine = ~0u;
  static constexpr unsigned kMostLines = 16;

  /// `mcu` has its flash_timing. Throws InputError when its caches are not of this kind.
  BufferedFlash(const mcu_models::McuModel& mcu, ReadRegister read_register);

  /// Takes wait states and enable bits from the registers.
  void refresh();
  /// Whether a write to `address` may change them.
  bool controlled_by(Address address) const { return (address & ~3u) == timing_.latency.address; }
  /// Everything cold, registers as they are.
  void reset();

  Line line_of(Address address) const { return address >> line_shift_; }
  /// The core goes on in another line than before.
  Cycles fetch(Line line, Cycles at);
  Cycles data(Address address, Cycles at);
  /// The two halves of data(): which line was read last; and, if that is another one, how long it takes.
  bool has_read(Address address) const { return line_of(address) == data_line_; }
  void note_data(Address address);
  Cycles read_data(Cycles at);

  /// All but the line of data and the counters. Times count from one before which nothing is asked any more.
  struct State;
  bool save(State& state, Cycles earliest) const;
  void restore(const State& state, Cycles earliest);

  const CacheCounters& instruction_lines() const { return instruction_counters_; }
  void count(std::uint32_t accesses, std::uint32_t misses) {
    instruction_counters_.accesses += accesses;
    instruction_counters_.misses += misses;
  }
  void set_instruction_lines(const CacheCounters& counters) { instruction_counters_ = counters; }
  const CacheCounters& data_lines() const { return data_counters_; }

 private:
  Cycles read_end(Cycles start) const { return start + 1 + wait_states_; }
  void keep(Line line);
  bool holds(Line line) const;
  bool take(Line line);
  void read_ahead(Line line, Cycles at);
  void settle(Cycles at);

  const mcu_models::FlashTiming timing_;
  std::optional<mcu_models::RegisterBits> keep_enable_;
  unsigned line_shift_;
  unsigned lines_ = 0;  ///< That are kept.
  ReadRegister read_register_;

  Cycles wait_states_ = 0;
  bool prefetch_ = false, keeps_ = false;
  std::array<Line, kMostLines> kept_{};  ///< The one used last comes first.
  Line current_ = kNoLine;               ///< In use; not among the kept ones.
  Line ahead_ = kNoLine;                 ///< Being read ahead, or read and not yet kept.
  Cycles ahead_start_ = 0;
  Cycles port_free_ = 0;
  Line data_line_ = kNoLine;
  CacheCounters instruction_counters_, data_counters_;
};

struct BufferedFlash::State {
  std::array<Line, kMostLines> kept;
  Line current, ahead;
  std::int16_t ahead_start, port_free;
  std::uint16_t wait_states;
  std::uint8_t prefetch, keeps;
};

}  // namespace mcusim::emulator
