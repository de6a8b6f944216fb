#pragma once

#include <algorithm>
#include <array>

#include "emulator/timing/cached_flash.h"
#include "emulator/timing/class_costs.h"
#include "emulator/timing/instruction_facts.h"
#include "emulator/timing/stall_cause.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The three-stage pipeline of Cortex-M33: one instruction at a time in order, some of whose results come a
/// cycle late; 16-bit branches, NOP and IT issue with the instruction before. Code and data below 0x20000000
/// share a bus with the instruction cache of the part in it. docs/cycle-models.md explains the rules,
/// CoreModel::pipeline_m33 holds the numbers and their sources.
///
/// The caller announces each instruction in the order of execution, then its data accesses, and takes the
/// cycle counter from the answers. Time that passes between two calls is booked as exceptions.
class PipelineM33 {
  /// Core registers and flags that an instruction waits for, or makes others wait for: as operands in bits
  /// 0 to 16, as accumulators from bit 20, as what SXTAB.. add to from bit 40. Bit 63: a load makes wait.
  using Needs = std::uint64_t;

  enum class Kind : std::uint8_t {
    plain,
    second,    ///< Branches, NOP and IT: may issue with the instruction before.
    branch,    ///< Conditional, and too long for that.
    redirect,  ///< Always goes elsewhere, and issues alone.
    divide,
    fp,
    fp_mac,
    fp_divide,
    fp_memory,
    fp_move,
  };
  /// Whether an instruction can be the first of two: `after_flags` costs a branch that is taken a cycle.
  enum Opens : std::uint8_t { opens_not = 0, opens = 1, opens_with_flags = 3 };

 public:
  /// What the rules ask of an instruction.
  struct Facts {
    Needs needs = 0;
    Needs late = 0;
    std::uint32_t fp_operands = 0, fp_accumulators = 0, fp_stored = 0, fp_results = 0;  ///< By single.
    Kind kind = Kind::plain;
    std::uint8_t last_byte = 0;               ///< From its address to its last half-word.
    std::uint8_t cycles = 1;                  ///< Of issue.
    StallCause further = StallCause::system;  ///< Of the cycles after the first.
    Opens opens = opens_not;
    std::uint8_t refill = 0;  ///< More, because it always goes elsewhere.
    std::uint8_t fp_latency = 0, fp_accumulate_latency = 0;
  };
  Facts prepare(const InstructionFacts& instruction) const;

  /// Throws InputError when `mcu` has no pipeline of this kind or no flash interface that is modelled.
  PipelineM33(const mcu_models::McuModel& mcu, CachedFlash::ReadRegister read_register);

  void reset();

  /// `cycles`: the counter before the instruction. Answers the counter after it.
  Cycles issue(const Facts& facts, Address pc, Cycles cycles) {
    const CachedFlash::Line line = (pc + facts.last_byte) >> CachedFlash::kLineShift;
    if (line != line_) [[unlikely]]
      cycles = enter(facts, pc, line, cycles);
    next_pc_ = pc + facts.last_byte + 2;
    if (facts.kind != Kind::plain) return issue_special(facts, pc, cycles);
    return issue_plain(facts, cycles);
  }
  /// An instruction that its IT block suppresses: it waits for nothing.
  Cycles skip(const Facts& facts, Address pc, Cycles cycles) {
    const CachedFlash::Line line = (pc + facts.last_byte) >> CachedFlash::kLineShift;
    if (line != line_) [[unlikely]]
      cycles = enter(facts, pc, line, cycles);
    next_pc_ = pc + facts.last_byte + 2;
    late_ = 0;
    opens_ = opens_not;
    ++stalls_[StallCause::issue];
    return cycles + 1;
  }
  /// The instruction that is issued next divides; operands as magnitudes.
  void dividing(std::uint32_t dividend, std::uint32_t divisor) {
    division_ = divide_cycles(dividend, divisor);
  }
  /// The conditional branch that was issued last goes elsewhere. Answers the counter after it.
  Cycles taken(Cycles cycles) {
    // Behind the instruction that sets its flags a taken branch does not issue in the same cycle after all.
    return redirect(branch_taken_ + (paired_with_ == opens_with_flags ? 1 : 0), cycles);
  }
  /// A data access of the instruction that was issued last. Answers the counter after it.
  Cycles access(Address address, unsigned width, bool is_store, Cycles cycles) {
    if (address - system_bus_ >= system_bus_size_ || (address & 3) + width > 4) [[unlikely]]
      return access_elsewhere(address, width, is_store, cycles);
    return is_store ? cycles : load_in_turn(system_load_, code_load_, cycles);
  }
  /// Time that passed asleep.
  void sleep(Cycles cycles) { stalls_[StallCause::sleep] += cycles; }

  /// Cycles by cause up to the counter `now`.
  StallCycles stalls(Cycles now) const;
  const CachedFlash& flash() const { return flash_; }

 private:
  static constexpr Address kSystemBus = 0x20000000, kSystemBusSize = 0x20000000;  ///< DDI 0553 B7.
  static constexpr Address kPrivateBus = 0xe0000000;
  static constexpr Needs kLateByLoad = Needs{1} << 63;
  static constexpr unsigned kAccumulators = 20, kExtendAdds = 40;

  static Needs as_operands(RegisterSet registers) { return registers & 0x1ffff; }

  Cycles issue_plain(const Facts& facts, Cycles cycles) {
    if ((facts.needs & late_) != 0) cycles = wait_for_result(cycles);
    late_ = facts.late;
    opens_ = facts.opens;
    ++stalls_[StallCause::issue];
    stalls_[facts.further] += facts.cycles - 1u;
    return cycles + facts.cycles;
  }
  Cycles load_in_turn(Cycles& on_this_bus, Cycles& on_the_other, Cycles cycles) {
    on_this_bus = stalls_[StallCause::issue];
    if (on_the_other + 1 != on_this_bus) [[likely]]
      return cycles;
    on_the_other = 0;  // Once for all words of the instruction.
    return spend(StallCause::bus, parameters_.bus_change, cycles);
  }
  Cycles wait_for_result(Cycles cycles) {
    return spend((late_ & kLateByLoad) != 0 ? StallCause::load_use : StallCause::result, 1, cycles);
  }
  Cycles issue_special(const Facts& facts, Address pc, Cycles cycles) {
    if (facts.kind == Kind::second) {
      paired_with_ = opens_;
      if (opens_ != opens_not && (facts.needs & late_) == 0 && pc != not_fetched_) {
        opens_ = opens_not;
      } else {
        paired_with_ = opens_not;
        cycles = issue_plain(facts, cycles);
      }
      return facts.refill == 0 ? cycles : redirect(facts.refill, cycles);
    }
    return issue_rare(facts, cycles);
  }
  Cycles redirect(unsigned refill, Cycles cycles) {
    redirected_ = true;
    line_ = CachedFlash::kNoLine;
    late_ = 0;
    opens_ = opens_not;
    stalls_[StallCause::branch] += refill;
    return cycles + refill;
  }
  Cycles spend(StallCause cause, Cycles more, Cycles cycles) {
    stalls_[cause] += more;
    return cycles + more;
  }
  /// The fetch of a line that is not the one in use.
  Cycles enter(const Facts& facts, Address pc, CachedFlash::Line line, Cycles cycles) {
    const CachedFlash::Line first = pc >> CachedFlash::kLineShift;
    if (in_flash_ && first == line && flash_.hit(line) && (redirected_ || line == line_ + 1)) {
      line_ = line;
      return redirected_ ? land(facts, pc, cycles) : cycles;
    }
    return enter_slowly(facts, pc, line, cycles);
  }
  /// The first instruction at the target of a branch.
  Cycles land(const Facts& facts, Address pc, Cycles cycles) {
    redirected_ = false;
    if ((pc & 2) != 0) {
      // The second half, or the instruction behind, is in the word that arrives a cycle later.
      if (facts.last_byte != 0) cycles = spend(StallCause::branch, 1, cycles);
      not_fetched_ = pc + 2;
    }
    ahead_since_ = cycles;
    ahead_word_ = pc >> 2;
    return cycles;
  }
  /// Words that fetching is ahead of the instruction at `pc`, which comes next.
  Cycles words_ahead(Address pc, Cycles cycles) const {
    const Cycles consumed = (pc >> 2) - ahead_word_, passed = cycles - ahead_since_;
    return std::min<Cycles>(passed > consumed ? passed - consumed : 0, parameters_.fetch_words);
  }
  void set_words_ahead(Address pc, Cycles cycles, Cycles words) {
    ahead_word_ = pc >> 2;
    ahead_since_ = cycles - words;
  }

  Cycles enter_slowly(const Facts& facts, Address pc, CachedFlash::Line line, Cycles cycles);
  Cycles fetch_line(CachedFlash::Line line, Cycles ahead, Cycles cycles);
  Cycles issue_rare(const Facts& facts, Cycles cycles);
  Cycles issue_fp(const Facts& facts, Cycles cycles);
  Cycles access_elsewhere(Address address, unsigned width, bool is_store, Cycles cycles);
  Cycles share_code_bus(Cycles cycles);
  void prepare_fp(const InstructionFacts& instruction, Facts& facts) const;
  unsigned divide_cycles(std::uint32_t dividend, std::uint32_t divisor) const;
  bool is_flash(Address address) const { return address - flash_base_ < flash_size_; }

  const mcu_models::PipelineM33Parameters parameters_;
  const ClassCosts costs_;
  const unsigned branch_taken_;
  CachedFlash flash_;
  Address flash_base_ = 0;
  Bytes flash_size_ = 0;

  // Results
  Needs late_ = 0;  ///< What the instruction before delivers a cycle late.
  Opens opens_ = opens_not;
  Opens paired_with_ = opens_not;  ///< The first of two, of the branch that was issued last.
  unsigned division_ = 1;          ///< Cycles of the division that is issued next.

  // Fetch
  CachedFlash::Line line_ = CachedFlash::kNoLine;  ///< That is being executed.
  bool redirected_ = true;
  bool in_flash_ = false;           ///< The code is.
  bool registers_written_ = false;  ///< The flash interface may have been programmed.
  Address next_pc_ = 0;             ///< Behind the instruction that was issued last.
  Address not_fetched_ = 1;         ///< Where a pair cannot have its second instruction.
  Address ahead_word_ = 0;          ///< Fetching was not ahead of this word
  Cycles ahead_since_ = 0;          ///< at this time.

  // Buses
  Address system_bus_ = kSystemBus, system_bus_size_ = kSystemBusSize;  ///< Data that code does not disturb.
  Cycles code_load_ = 0, system_load_ = 0;  ///< Which issue the last load on each was, as counted in `issue`.

  // FPU
  std::array<Cycles, 32> fp_ready_{}, fp_accumulator_ready_{};  ///< By single-precision register.
  Cycles fp_free_ = 0;                                          ///< First cycle for the next FP instruction.

  StallCycles stalls_;
};

}  // namespace mcusim::emulator
