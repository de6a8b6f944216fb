#pragma once

#include <array>
#include <functional>
#include <vector>

#include "common/units.h"
#include "emulator/timing/cache_counters.h"
#include "emulator/timing/instruction_class.h"
#include "emulator/timing/stall_cause.h"
#include "mcu_models/vle_model.h"

namespace mcusim::emulator {

/// Which lines of 32 bytes a cache of two ways holds; no data. The way used last comes first.
class TwoWayTags {
 public:
  explicit TwoWayTags(const mcu_models::CacheModel& model);

  /// Whether the line is the one of its set that was used last.
  bool used_last(std::uint32_t line) const { return tags_[(line & set_mask_) * 2] == line; }
  /// Whether the line is held; makes it the one used last.
  [[gnu::always_inline]] bool hit(std::uint32_t line) {
    std::uint32_t* const set = &tags_[(line & set_mask_) * 2];
    if (set[0] == line) return true;
    if (set[1] != line) return false;
    std::swap(set[0], set[1]);
    return true;
  }
  void insert(std::uint32_t line) {
    std::uint32_t* const set = &tags_[(line & set_mask_) * 2];
    set[1] = set[0];
    set[0] = line;
  }
  void clear();

 private:
  static constexpr std::uint32_t kNone = ~0u;
  std::uint32_t set_mask_;
  std::vector<std::uint32_t> tags_;
};

/// The pipeline of the e200z4 and its memories: in-order issue of up to two instructions per cycle, a branch
/// target buffer, caches that L1CSR0 and L1CSR1 switch on, the flash with its wait states and one line buffer
/// per port. docs/e200.md explains the rules, the core's file holds the numbers and their sources.
///
/// The caller announces each instruction in the order of execution, then its branch and its data accesses;
/// each call moves the cycle counter on.
class PipelineE200 {
 public:
  /// Resources in the masks of Facts: general registers, then CR fields, XER, LR, CTR, and units of which an
  /// instruction needs one to itself. Instructions that issue alone need kSharing, which all others take.
  static constexpr unsigned kCrField = 32, kXer = 40, kLink = 41, kCount = 42, kLoadStore = 48,
                            kArithmetic = 49, kBranchUnit = 50, kSharing = 62, kIssue = 63;

  static constexpr unsigned kLongestLatency = 3;

  /// What the rules ask of an instruction.
  struct Facts {
    std::uint64_t needs = 0;     ///< What it reads, its unit, and kIssue.
    std::uint64_t writes = 0;    ///< What later instructions may wait for.
    std::uint64_t takes = 0;     ///< What the next one cannot need to share its cycle; all: none shares it.
    std::uint8_t last_byte = 0;  ///< From its address to its last half-word.
    std::uint8_t further = 0;    ///< Cycles that it blocks beyond the first.
    std::uint8_t latency = 1;    ///< From its issue to that of a consumer; at most kLongestLatency.
    std::uint8_t result = 0;     ///< The register that is late, when latency is above 1.
    StallCause cause = StallCause::system;  ///< Of its further cycles, and of waiting for it.
    std::uint8_t prepared = 0;
    std::uint16_t unused = 0;
  };

  /// What the core knows of its caches.
  struct Control {
    bool code_cache = false, data_cache = false, branch_buffer = false;
    std::uint32_t code_invalidations = 0, data_invalidations = 0, branch_flushes = 0;
  };
  struct Environment {
    std::function<std::uint32_t(Address)> read_register;
    std::function<Control()> control;
  };

  /// Throws InputError when `mcu` has no flash timing or no such caches, or `parameters` a longer latency.
  PipelineE200(const mcu_models::McuModel& mcu, const mcu_models::PipelineE200Parameters& parameters,
               Environment environment);

  void reset();

  // Each takes the cycle counter and answers what it is behind.
  [[gnu::always_inline]] Cycles issue(const Facts& facts, Address pc, Cycles cycles) {
    const std::uint32_t line = (pc + facts.last_byte) >> kLineShift;
    if (line != line_) [[unlikely]]
      cycles = enter(pc, line, cycles);
    if ((facts.needs & taken_) == 0) {
      taken_ = kAll;
      finish(facts);
      return cycles;
    }
    std::uint64_t late = late_in(cycles);
    if ((facts.needs & late) != 0) [[unlikely]] {
      cycles = wait(facts.needs, cycles);
      late = late_in(cycles);
    }
    late_[0] = late_in(cycles + 1);
    late_[1] = 0;
    issued_at_ = cycles;
    taken_ = facts.takes | late;
    finish(facts);
    if (facts.further != 0) [[unlikely]]
      cycles = spend(facts.cause, facts.further, cycles);
    return cycles + 1;
  }
  /// The division that was issued last has a quotient of so many bits.
  Cycles dividing(unsigned quotient_bits, Cycles cycles) {
    const unsigned all =
        parameters_.divide_least + (parameters_.divide_most - parameters_.divide_least) * quotient_bits / 32;
    return spend(StallCause::multiply_divide, all - 1, cycles);
  }
  /// The branch that was issued last is decided.
  Cycles branch(Address pc, bool taken, Address target, bool indirect, Cycles cycles);
  /// A data access of the instruction that was issued last.
  [[gnu::always_inline]] Cycles access(Address address, bool is_store, Cycles cycles) {
    if (address - local_base_ < local_size_) return cycles;
    if (is_store) {
      // Through the store buffer; the data cache is written through and takes no line for stores.
      if (address - ram_base_ < ram_size_) return cycles;
    } else if (data_on_ && data_tags_.used_last(address >> kLineShift)) {
      ++data_use_.accesses;
      return cycles;
    }
    return access_elsewhere(address, is_store, cycles);
  }
  /// L1CSR0, L1CSR1 or BUCSR was written.
  void control_changed() {
    dirty_ = true;
    data_on_ = false;
    line_ = kNoLine;
  }
  /// Time that passed asleep.
  void sleep(Cycles cycles) { stalls_[StallCause::sleep] += cycles; }

  /// Cycles by cause up to the counter `now`, of which `exceptions` passed between two calls.
  StallCycles stalls(Cycles now, Cycles exceptions) const;
  std::vector<CacheUse> caches() const;

 private:
  static constexpr unsigned kLineShift = 5, kLineBeats = 4;
  static constexpr std::uint64_t kAll = ~std::uint64_t{0};
  static constexpr std::uint32_t kNoLine = ~0u;

  struct BranchEntry {
    Address pc = 1;  ///< Odd: empty.
    Address target = 0;
    std::uint8_t counter = 0;  ///< Taken is predicted from 2 on.
  };

  /// What the instruction that is issued in cycle issued_at_ makes of its results.
  [[gnu::always_inline]] void finish(const Facts& facts) {
    if ((late_[0] & facts.writes) != 0) {
      late_[0] &= ~facts.writes;
      late_[1] &= ~facts.writes;
    }
    if (facts.latency > 1) {
      const std::uint64_t result = std::uint64_t{1} << facts.result;
      late_[0] |= result;
      if (facts.latency > 2) late_[1] |= result;
      waits_[facts.result] = facts.cause;
    }
  }
  /// Resources that are not ready in a cycle behind issued_at_.
  [[gnu::always_inline]] std::uint64_t late_in(Cycles cycle) const {
    const Cycles behind = cycle - issued_at_ - 1;
    return behind < late_.size() ? late_[behind] : 0;
  }
  Cycles wait(std::uint64_t needs, Cycles cycles);
  Cycles enter(Address pc, std::uint32_t line, Cycles cycles);
  Cycles fetch(std::uint32_t line, Cycles cycles);
  Cycles access_elsewhere(Address address, bool is_store, Cycles cycles);
  void refresh();
  /// Behind a stall nothing joins what was issued before it.
  [[nodiscard]] Cycles spend(StallCause cause, Cycles more, Cycles cycles) {
    if (more != 0) taken_ = kAll;
    stalls_[cause] += more;
    return cycles + more;
  }
  bool in_flash(Address address) const { return address - flash_base_ < flash_size_; }
  bool in_ram(Address address) const { return address - ram_base_ < ram_size_; }
  bool is_local(Address address) const;
  Cycles flash_read() const { return wait_states_ + parameters_.flash_overhead; }
  Cycles ram_read() const { return parameters_.ram_access + ram_wait_; }
  Cycles fill(Cycles first) const { return first + Cycles{kLineBeats} * parameters_.line_beat; }

  const mcu_models::PipelineE200Parameters parameters_;
  const mcu_models::FlashTiming flash_timing_;
  Environment environment_;
  Address flash_base_ = 0, ram_base_ = 0, local_base_ = 0, code_base_ = 0;
  Bytes flash_size_ = 0, ram_size_ = 0, local_size_ = 0, code_size_ = 0;
  Address ram_control_ = 0;  ///< PRCR1 of the RAM controller; 0: none.

  bool dirty_ = true;
  bool data_on_ = false;  ///< control_.data_cache, when nothing has changed.
  Control control_;
  Cycles wait_states_ = 0, ram_wait_ = 0;

  std::uint32_t line_ = kNoLine;  ///< That is being executed.
  std::uint64_t taken_ = kAll;    ///< What an instruction cannot need to join the one before in its cycle.
  Cycles issued_at_ = 0;          ///< When an instruction was issued last.
  /// Resources that are not ready in the first and in the second cycle behind that.
  std::array<std::uint64_t, kLongestLatency - 1> late_{};
  std::array<StallCause, 64> waits_{};  ///< Of who waits for them.

  TwoWayTags code_tags_, data_tags_;
  std::uint32_t code_buffer_ = kNoLine, data_buffer_ = kNoLine;  ///< Lines of the flash's ports.
  std::vector<BranchEntry> branches_;
  std::uint32_t branch_mask_;

  CacheCounters code_use_, data_use_;
  StallCycles stalls_;
};

}  // namespace mcusim::emulator
