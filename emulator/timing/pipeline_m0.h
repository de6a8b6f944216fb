#pragma once

#include <vector>

#include "emulator/timing/buffered_flash.h"
#include "emulator/timing/cache_watch.h"
#include "emulator/timing/class_costs.h"
#include "emulator/timing/instruction_facts.h"
#include "emulator/timing/spending.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The pipeline of Cortex-M0 and M0+: no instruction depends on another one in time, so that each takes the
/// cycles of the core's table and waits for its memories. docs/cycle-models.md explains the rules,
/// CoreModel::pipeline_m0 holds the numbers and their sources.
///
/// The caller announces each instruction in the order of execution, then its data accesses and where it
/// branches, and takes the cycle counter from the answers. For what outcomes and states are see Replay.
class PipelineM0 {
 public:
  /// What the rules ask of an instruction.
  struct Facts {
    std::uint16_t last_byte = 0;              ///< From its address to its last half-word.
    std::uint8_t cycles = 0;                  ///< With the refill behind a branch that is always taken.
    StallCause further = StallCause::system;  ///< Of the cycles after the first.
  };
  Facts prepare(const InstructionFacts& instruction) const;

  /// Throws InputError when `mcu` has no pipeline of this kind or no flash interface that is modelled.
  PipelineM0(const mcu_models::McuModel& mcu, BufferedFlash::ReadRegister read_register);

  void reset();

  /// `cycles`: the counter before the instruction. Answers the counter after it.
  Cycles issue(const Facts& facts, Address pc, Cycles cycles) {
    const BufferedFlash::Line line = flash_.line_of(pc + facts.last_byte);
    if (line != line_) cycles = enter(pc, line, cycles);
    cycles = spend(StallCause::issue, 1, cycles);
    return spend(facts.further, facts.cycles - 1, cycles);
  }
  /// Armv6-M has no IT blocks.
  Cycles skip(const Facts& facts, Address pc, Cycles cycles) { return issue(facts, pc, cycles); }
  static constexpr bool kDividesByOperands = false;
  static constexpr bool kPredictsBranches = false;
  void dividing(unsigned) {}
  /// Time that passed asleep.
  void sleep(Cycles) {}
  /// Waits of the exception mechanism beyond zero wait states: of a frame's words, of a vector.
  Cycles frame_wait(Address /*frame*/, unsigned /*words*/, bool /*is_store*/, Cycles /*at*/) const {
    return 0;
  }
  Cycles vector_wait(Address vector, Cycles at) { return in_flash(vector) ? flash_.data(vector, at) : 0; }
  std::vector<CacheWatch*> watch_caches(const CacheWatch::OwnerOf&, const CacheWatch::Accessing&) {
    return {};
  }
  std::vector<CacheUse> caches() const {
    return {{"flash_i", flash_.instruction_lines()}, {"flash_d", flash_.data_lines()}};
  }
  /// What the last step was spent on.
  Spending& spent() { return spent_; }
  Address next() const { return 0; }

  // --- Outcomes ---
  struct Ending {};
  Ending ending(Cycles) const { return {}; }
  /// Whether a store there may change how memories answer; store_change() carries it out.
  bool changed_by_store(Address address) const {
    return address >= kSram + kSramSize || (address < kSram && !in_flash(address));
  }
  Cycles store_change(Address address, unsigned width, Cycles cycles);
  /// Carries out an access, and answers its outcome.
  std::uint32_t observe(const Ending& ending, Address address, unsigned width, bool is_store, Cycles now) {
    const std::uint32_t outcome = expect(ending, address, width, is_store, now);
    carry_out(ending, address, width, is_store, now);
    return outcome;
  }
  [[gnu::always_inline]] std::uint32_t expect(const Ending&, Address address, unsigned /*width*/,
                                              bool is_store, Cycles /*now*/) const {
    if (address - kSram < kSramSize) return at_once;
    if (in_flash(address)) return is_store || flash_.has_read(address) ? at_once : from_flash;
    if (address >= kPrivateBus) return at_once;
    return address - kIoPort < kIoPortSize ? at_io_port : in_device;
  }
  void carry_out(const Ending&, Address address, unsigned /*width*/, bool is_store, Cycles /*now*/) {
    if (!is_store && in_flash(address)) flash_.note_data(address);
  }
  Cycles apply(std::uint32_t outcome, Cycles cycles);
  static std::uint32_t expect_branch(const Ending&, bool taken) { return taken ? 1 : 0; }
  void carry_out_branch(const Ending&, bool) {}
  Cycles apply_branch(std::uint32_t taken, Cycles cycles) {
    return taken != 0 ? spend(StallCause::branch, branch_taken_, cycles) : cycles;
  }
  Cycles apply_jump(Cycles cycles) { return cycles; }

  /// What to look at to see that a decision comes to a certain outcome, and that nothing is left to be done.
  struct Check {
    Bytes size = 0;  ///< Of the RAM that may be accessed.
  };
  static Check check(const Ending&, std::uint32_t outcome) {
    return {outcome == at_once ? Bytes{kSramSize} : 0};
  }
  template <unsigned kWidth>
  [[gnu::always_inline]] static bool loads_as_expected(const Check& check, Address address) {
    return address - kSram < check.size;
  }
  template <unsigned kWidth>
  [[gnu::always_inline]] static bool stores_as_expected(const Check& check, Address address, Cycles) {
    return loads_as_expected<kWidth>(check, address);
  }
  template <bool kIsTaken>
  static bool branches_as_expected(const Check&, std::uint32_t outcome) {
    return outcome == (kIsTaken ? 1 : 0);
  }

  // --- State ---
  struct State {
    BufferedFlash::State flash;
    BufferedFlash::Line line;
  };
  /// False: it cannot be told in these numbers. `next`: the next instruction.
  bool save(State& state, Address next, Cycles cycles) const;
  void restore(const State& state, Address next, const Facts& facts, Cycles cycles);

  /// Changes of line; the flash is part of the state, so that they need not be carried out.
  struct Fetches {
    std::uint32_t accesses = 0, misses = 0;

    bool empty() const { return accesses == 0; }
  };
  void begin_fetches(const State& /*from*/, Cycles /*cycles*/) {
    fetches_began_ = flash_.instruction_lines();
  }
  const Fetches* fetches() {
    const CacheCounters since = flash_.instruction_lines() - fetches_began_;
    fetches_ = {static_cast<std::uint32_t>(since.accesses), static_cast<std::uint32_t>(since.misses)};
    return &fetches_;
  }
  bool holds_still(const Fetches&, Cycles) const { return true; }
  bool holds(const Fetches&, Cycles) const { return true; }
  static std::uint32_t contents() { return 1; }
  static Cycles filled() { return 0; }
  void fetched(const Fetches& fetches) { flash_.count(fetches.accesses, fetches.misses); }
  /// The sum of several.
  struct Passage : Fetches {
    void add(const Fetches& more) { accesses += more.accesses, misses += more.misses; }
    static std::size_t bytes() { return 0; }
  };
  void passed(const Passage& passage) { fetched(passage); }
  /// Whether an access changes what fetches depend on, or the other way round.
  static constexpr bool touches_code(Address, bool /*is_store*/) { return false; }
  void rehearse(bool on) {
    if (on) before_rehearsal_ = flash_.instruction_lines();
    if (rehearses_) flash_.set_instruction_lines(before_rehearsal_);
    rehearses_ = on;
  }

 private:
  static constexpr Address kSram = 0x20000000, kSramSize = 0x20000000;  ///< DDI 0419 B3.1.
  static constexpr Address kPrivateBus = 0xe0000000;
  static constexpr Address kIoPort = 0x50000000, kIoPortSize = 0x10000000;

  Cycles enter(Address pc, BufferedFlash::Line line, Cycles cycles);
  /// Outcomes of accesses: what takes time beside the table's cycles.
  enum Outcome : std::uint32_t { at_once, from_flash, at_io_port, in_device };
  bool in_flash(Address address) const {
    return address - flash_base_ < flash_size_ || address - flash_alias_ < flash_size_;
  }
  Cycles spend(StallCause cause, Cycles more, Cycles cycles) {
    spent_.add(cause, static_cast<std::int64_t>(more));
    return cycles + more;
  }

  const mcu_models::PipelineM0Parameters parameters_;
  const ClassCosts costs_;
  const unsigned branch_taken_;
  BufferedFlash flash_;
  Address flash_base_ = 0, flash_alias_ = 0;
  Bytes flash_size_ = 0;
  bool registers_written_ = false;  ///< The flash interface may have been programmed.

  BufferedFlash::Line line_ = BufferedFlash::kNoLine;  ///< That is being executed.
  Spending spent_;
  Fetches fetches_;
  CacheCounters fetches_began_, before_rehearsal_;
  bool rehearses_ = false;
};

}  // namespace mcusim::emulator
