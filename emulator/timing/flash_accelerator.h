#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "common/units.h"
#include "emulator/timing/cache_counters.h"
#include "emulator/timing/line_cache.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The flash interface of STM32 parts with ART: one port to the array, reads of a line, instruction and data
/// lines kept, the next line read ahead. Parts without caches have the line in use and the one read ahead.
///
/// Times are core cycles. A read whose data phase begins at `at` delivers at its end when nothing has to be
/// waited for; the functions answer by how many cycles it is longer.
class FlashAccelerator {
 public:
  using ReadRegister = std::function<std::uint32_t(Address)>;

  /// `size` of the flash, in which the functions take offsets. `read_register` shows what the firmware
  /// programmed. `mcu` has its flash_timing.
  FlashAccelerator(const mcu_models::McuModel& mcu, Bytes size, ReadRegister read_register);

  /// Takes wait states and enable bits from the registers.
  void refresh();
  /// Whether a write to `address` may change them.
  bool controlled_by(Address address) const { return (address & ~3u) == control_; }
  /// Everything cold, registers as they are.
  void reset();

  Cycles fetch(Address offset, Cycles at) {
    const std::uint32_t line = line_of(offset);
    if (line == current_line_) return 0;
    return fetch_line(line, at);
  }
  Cycles data(Address offset, Cycles at);

  /// Whether data() would answer 0 and read nothing, which data_at_once() then does. Nobody watches that.
  bool holds_data(Address offset) const {
    const auto& kept = unified_ ? instructions_ : data_;
    return data_at_once_ && kept->holds(line_of(offset));
  }
  void data_at_once(Address offset) {
    ++data_counters_.accesses;
    (unified_ ? instructions_ : data_)->touch(line_of(offset));
  }

  std::uint32_t line_of(Address offset) const { return offset >> line_shift_; }
  /// Whether a fetch from `line` takes no wait and starts no read, wherever one was before.
  bool enters_at_once(std::uint32_t line) const {
    return !ahead_ && keeps_instructions_ && instructions_->holds(line) &&
           (!prefetch_ || instructions_->holds(line + 1));
  }
  /// Fetches from such a line.
  void enter_held(std::uint32_t line) {
    if (line == current_line_) return;
    ++instruction_counters_.accesses;
    instructions_->touch(line);
    if (instructions_->watch() != nullptr) [[unlikely]]
      instructions_->note_use(line << line_shift_);
    current_line_ = line;
  }
  /// Fetches from several: `first`, and so many changes of line later the last of `lines`, which names each
  /// once, in the order of their last use.
  void enter_held(std::uint32_t first, std::span<const std::uint32_t> lines, std::uint32_t changes) {
    enter_held(first);
    instruction_counters_.accesses += changes;
    for (const std::uint32_t line : lines) instructions_->touch(line);
    current_line_ = lines.back();
  }
  /// Another number whenever a line for which enters_at_once() was true may have gone.
  std::uint32_t contents() const { return contents_; }
  static constexpr std::uint32_t kNoLine = ~0u;

  /// Of instruction_lines() and data_lines(); none where one cache keeps both. The flash begins at `base`.
  std::vector<CacheWatch*> watch_caches(Address base, const CacheWatch::OwnerOf& owner_of,
                                        const CacheWatch::Accessing& accessing);

  const CacheCounters& instruction_lines() const { return instruction_counters_; }
  const CacheCounters& data_lines() const { return data_counters_; }

 private:
  struct ReadAhead {
    std::uint32_t line;
    Cycles start;
  };

  Cycles fetch_line(std::uint32_t line, Cycles at);
  Cycles read_array(Cycles at);
  void settle(Cycles at);
  void cancel_unstarted(Cycles at);
  void keep_instructions(std::uint32_t line);
  void read_ahead(std::uint32_t line, Cycles at);
  std::uint32_t bits(const mcu_models::RegisterBits& bits) const;

  const mcu_models::FlashTiming timing_;
  std::optional<mcu_models::RegisterBits> instruction_enable_, data_enable_;
  Address control_ = 0;
  unsigned line_shift_;
  ReadRegister read_register_;
  std::optional<LineCache> instructions_, data_;
  bool unified_ = false;  ///< instructions_ keeps data as well, as the ART of the STM32F7 does.

  Cycles wait_states_ = 0;
  bool prefetch_ = false, keeps_instructions_ = false, keeps_data_ = false;
  bool data_at_once_ = false;  ///< Data are kept and not watched.
  std::uint32_t current_line_ = kNoLine;
  std::uint32_t contents_ = 1;
  std::optional<ReadAhead> ahead_;
  Cycles port_free_ = 0;
  CacheCounters instruction_counters_, data_counters_;
};

}  // namespace mcusim::emulator
