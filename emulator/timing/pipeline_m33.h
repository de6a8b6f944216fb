#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "emulator/timing/cached_flash.h"
#include "emulator/timing/class_costs.h"
#include "emulator/timing/instruction_facts.h"
#include "emulator/timing/last_uses.h"
#include "emulator/timing/spending.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The three-stage pipeline of Cortex-M33: one instruction at a time in order, some of whose results come a
/// cycle late; 16-bit branches, NOP and IT issue with the instruction before. Code and data below 0x20000000
/// share a bus with the instruction cache of the part in it. docs/cycle-models.md explains the rules,
/// CoreModel::pipeline_m33 holds the numbers and their sources.
///
/// The caller announces each instruction in the order of execution, then its data accesses and where it
/// branches, and takes the cycle counter from the answers. For what outcomes and states are see Replay.
class PipelineM33 {
  /// Core registers and flags that an instruction waits for: as operands in bits 0 to 16, as accumulators
  /// from bit 20, as what SXTAB.. add to from bit 40.
  using Needs = std::uint64_t;
  /// What an instruction leaves behind: Needs that have to wait a cycle, and above them the bits below.
  using Leaves = std::uint64_t;
  static constexpr Leaves kLateByLoad = Leaves{1} << 63;
  static constexpr Leaves kOpens = Leaves{1} << 62;      ///< It can be the first of two.
  static constexpr Leaves kSetsFlags = Leaves{1} << 61;  ///< Then a taken branch is not its second.

  enum class Kind : std::uint8_t {
    plain,     ///< Nothing but issue.
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

 public:
  /// What the rules ask of an instruction.
  struct Facts {
    Needs needs = 0;
    Leaves leaves = 0;
    std::uint32_t fp_operands = 0, fp_accumulators = 0, fp_stored = 0, fp_results = 0;  ///< By single.
    Kind kind = Kind::plain;
    std::uint8_t last_byte = 0;               ///< From its address to its last half-word.
    std::uint8_t cycles = 1;                  ///< Of issue.
    StallCause further = StallCause::system;  ///< Of the cycles after the first.
    std::uint8_t refill = 0;                  ///< More, because it always goes elsewhere.
    std::uint8_t fp_latency = 0, fp_accumulate_latency = 0;
  };
  Facts prepare(const InstructionFacts& instruction) const;

  /// Throws InputError when `mcu` has no pipeline of this kind or no flash interface that is modelled.
  PipelineM33(const mcu_models::McuModel& mcu, CachedFlash::ReadRegister read_register);

  void reset();

  /// `cycles`: the counter before the instruction. Answers the counter after it.
  Cycles issue(const Facts& facts, Address pc, Cycles cycles);
  /// An instruction that its IT block suppresses: it waits for nothing.
  Cycles skip(const Facts& facts, Address pc, Cycles cycles);
  static constexpr bool kDividesByOperands = true;
  static constexpr bool kPredictsBranches = false;
  /// Operands as magnitudes.
  unsigned divide_cycles(std::uint32_t dividend, std::uint32_t divisor) const;
  /// The instruction that is issued next divides, and takes so many cycles.
  void dividing(unsigned cycles) { division_ = cycles; }
  /// Time that passed asleep.
  void sleep(Cycles) {}
  /// Waits of the exception mechanism beyond zero wait states: of a frame's words, of a vector.
  Cycles frame_wait(Address frame, unsigned words, bool /*is_store*/, Cycles /*at*/) const {
    return frame - system_bus_ < system_bus_size_ ? 0 : words * parameters_.device_access;
  }
  Cycles vector_wait(Address vector, Cycles at) {
    return is_flash(vector) ? flash_.fetch(vector >> CachedFlash::kLineShift, at) : 0;
  }
  std::vector<CacheWatch*> watch_caches(const CacheWatch::OwnerOf& owner_of,
                                        const CacheWatch::Accessing& accessing) {
    return {flash_.watch(owner_of, accessing)};
  }
  std::vector<CacheUse> caches() const { return {{"icache", flash_.counters()}}; }
  /// What the last step was spent on.
  Spending& spent() { return spent_; }
  /// Where the instruction that was issued last goes on, unless it branches.
  Address next() const { return next_; }

  // --- Outcomes ---
  /// What an outcome of the instruction that was issued last depends on, beside its memory.
  struct Ending {
    std::array<std::uint8_t, 2>
        before_flash{};  ///< Cycles before a load reads the flash: aligned, unaligned.
  };
  Ending ending(Cycles cycles) const;
  /// Whether a store there may change how memories answer; store_change() carries it out.
  static bool changed_by_store(Address address) { return address >= kSystemBus + kSystemBusSize; }
  Cycles store_change(Address address, unsigned width, Cycles cycles);
  /// Carries out an access, and answers its outcome.
  std::uint32_t observe(const Ending& ending, Address address, unsigned width, bool is_store, Cycles now);
  /// What observe() would answer if no memory makes anybody wait, otherwise kNotAtOnce; and what is left to
  /// be done then.
  [[gnu::always_inline]] std::uint32_t expect(const Ending&, Address address, unsigned width, bool is_store,
                                              Cycles /*now*/) const {
    if ((address & 3) + width > 4 || address >= kSystemBus + kSystemBusSize) return kNotAtOnce;
    const std::uint32_t stored = is_store ? kStored : 0u;
    if (address >= kSystemBus) return on_system_bus | stored;
    if (!is_store && is_flash(address) && !flash_.holds(address >> CachedFlash::kLineShift))
      return kNotAtOnce;
    return on_code_bus | stored;
  }
  void carry_out(const Ending&, Address address, unsigned /*width*/, bool is_store, Cycles now) {
    if (!is_store && is_flash(address)) flash_.data(address, now);
  }
  Cycles apply(std::uint32_t outcome, Cycles cycles);
  static std::uint32_t expect_branch(const Ending&, bool taken) { return taken ? 1 : 0; }
  void carry_out_branch(const Ending&, bool) {}
  Cycles apply_branch(std::uint32_t taken, Cycles cycles) {
    if (taken == 0) return cycles;
    // Behind the instruction that sets its flags a taken branch does not issue in the same cycle after all.
    return redirect(branch_taken_ + ((paired_with_ & kSetsFlags) != 0 ? 1 : 0), cycles);
  }
  Cycles apply_jump(Cycles cycles) { return cycles; }

  /// What to look at to see that a decision comes to a certain outcome without anybody's waiting, and that
  /// nothing is left to be done.
  struct Check {
    Bytes size = 0;  ///< Of the memory on the system bus that may be accessed.
  };
  static Check check(const Ending&, std::uint32_t outcome) {
    return {(outcome & ~kStored) == on_system_bus ? Bytes{kSystemBusSize} : 0};
  }
  template <unsigned kWidth>
  [[gnu::always_inline]] static bool loads_as_expected(const Check& check, Address address) {
    return address - kSystemBus < check.size && (address & (kWidth - 1)) == 0;
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
  /// What later instructions can tell of those before. Times count from now.
  struct State {
    struct Register {
      std::uint8_t number, ready, accumulator_ready;
    };
    std::array<std::uint32_t, 2> left;
    Address not_fetched;
    std::int32_t line;                   ///< From that of the next instruction.
    std::array<Register, 16> registers;  ///< Of the FPU, that are not ready.
    std::uint8_t fp_free, code_load, system_load, division;
    std::int8_t words_ahead;
    std::uint8_t redirected, in_flash, code_on_system_bus;
  };
  /// False: it cannot be told in these numbers. `next`: the next instruction.
  bool save(State& state, Address next, Cycles cycles) const;
  void restore(const State& state, Address next, const Facts& facts, Cycles cycles);

  /// Lines that a run of instructions fetches from without waiting.
  struct Fetches {
    std::array<CachedFlash::Line, 4> lines{};
    std::array<bool, 4> counted{};  ///< As an access to the cache.
    std::uint32_t line_count = 0;
    std::uint32_t held = 0;  ///< CachedFlash::contents() when all were found to be held.

    bool empty() const { return line_count == 0; }
  };
  void begin_fetches(const State& /*from*/, Cycles /*cycles*/) { fetches_ = {}, repeatable_ = true; }
  /// Since then; nullptr if the pipeline had to wait, or there are too many.
  const Fetches* fetches() const { return repeatable_ ? &fetches_ : nullptr; }
  /// Whether they answer at once: as far as that is known, and for sure.
  [[gnu::always_inline]] bool holds_still(const Fetches& fetches, Cycles /*cycles*/) const {
    return fetches.line_count == 0 || fetches.held == flash_.contents();
  }
  bool holds(Fetches& fetches, Cycles cycles) const;
  /// Another number whenever lines that it holds may have gone; and since when all that were awaited are
  /// there.
  std::uint32_t contents() const { return flash_.contents(); }
  static Cycles filled() { return 0; }
  /// Carries them out.
  void fetched(const Fetches& fetches) {
    for (unsigned i = 0; i < fetches.line_count; ++i) {
      if (fetches.counted[i])
        flash_.fetch(fetches.lines[i], 0);
      else
        flash_.hit(fetches.lines[i]);
    }
  }
  /// The sum of several.
  struct Passage {
    std::uint32_t accesses = 0;
    LastUses uses;

    void add(const Fetches& fetches) {
      for (unsigned i = 0; i < fetches.line_count; ++i) {
        accesses += fetches.counted[i] ? 1 : 0;
        uses.use(fetches.lines[i]);
      }
    }
    std::size_t bytes() const { return uses.bytes(); }
  };
  void passed(const Passage& passage) { flash_.hit(passage.uses.lines(), passage.accesses); }
  /// Whether an access changes what fetches depend on, or the other way round: the cache holds both.
  bool touches_code(Address address, bool is_store) const { return !is_store && is_flash(address); }
  /// Fetches cost nothing and change nothing.
  void rehearse(bool on) { rehearses_ = on; }

 private:
  static constexpr Address kSystemBus = 0x20000000, kSystemBusSize = 0x20000000;  ///< DDI 0553 B7.
  static constexpr Address kPrivateBus = 0xe0000000;
  static constexpr unsigned kAccumulators = 20, kExtendAdds = 40;

  // An outcome of an access: where it goes, these bits, and how many cycles it waits.
  enum Place : std::uint32_t { on_system_bus, on_code_bus, on_private_bus, in_device };
  static constexpr std::uint32_t kPlace = 3, kStored = 4, kUnaligned = 8;
  static constexpr unsigned kWaitShift = 16;
  static constexpr std::uint32_t kNotAtOnce = ~1u;

  static Needs as_operands(RegisterSet registers) { return registers & 0x1ffff; }

  CachedFlash::Line line_of(const Facts& facts, Address pc) const {
    return (pc + facts.last_byte) >> CachedFlash::kLineShift;
  }
  Cycles issue_alone(const Facts& facts, Cycles cycles) {
    if ((facts.needs & left_) != 0) cycles = wait_for_result(cycles);
    left_ = facts.leaves;
    ++issued_;
    cycles = spend(StallCause::issue, 1, cycles);
    return spend(facts.further, facts.cycles - 1u, cycles);
  }
  bool changes_bus(Cycles on_the_other) const { return on_the_other + 1 == issued_; }
  Cycles load_in_turn(Cycles& on_this_bus, Cycles& on_the_other, Cycles cycles) {
    on_this_bus = issued_;
    if (!changes_bus(on_the_other)) return cycles;
    on_the_other = 0;  // Once for all words of the instruction.
    return spend(StallCause::bus, parameters_.bus_change, cycles);
  }
  Cycles wait_for_result(Cycles cycles) {
    return spend((left_ & kLateByLoad) != 0 ? StallCause::load_use : StallCause::result, 1, cycles);
  }
  bool pair(Address pc) {
    if ((left_ & kOpens) == 0 || pc == not_fetched_) return false;
    paired_with_ = left_;
    left_ &= ~kOpens;
    return true;
  }
  Cycles issue_second(const Facts& facts, Address pc, Cycles cycles) {
    if ((facts.needs & left_) != 0 || !pair(pc)) {
      paired_with_ = 0;
      cycles = issue_alone(facts, cycles);
    }
    return facts.refill == 0 ? cycles : redirect(facts.refill, cycles);
  }
  Cycles redirect(unsigned refill, Cycles cycles) {
    redirected_ = true;
    line_ = CachedFlash::kNoLine;
    left_ = 0;
    return spend(StallCause::branch, refill, cycles);
  }
  Cycles spend(StallCause cause, Cycles more, Cycles cycles) {
    spent_.add(cause, static_cast<std::int64_t>(more));
    return cycles + more;
  }
  /// The fetch of a line that is not the one in use.
  Cycles enter(const Facts& facts, Address pc, Cycles cycles) {
    const CachedFlash::Line first = pc >> CachedFlash::kLineShift, line = line_of(facts, pc);
    if (in_flash_ && touch(line)) {
      if (redirected_ && first == line) {
        line_ = line;
        return land(facts, pc, cycles);
      }
      if (line == line_ + 1) {
        line_ = line;
        return cycles;
      }
    }
    return enter_slowly(facts, pc, cycles);
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
  bool touch(CachedFlash::Line line);
  Cycles read(CachedFlash::Line line, Cycles at);
  void note(CachedFlash::Line line, bool counted);
  /// Words that fetching is ahead of the instruction at `pc`, which comes next.
  Cycles words_ahead(Address pc, Cycles cycles) const {
    const Cycles consumed = (pc >> 2) - ahead_word_, passed = cycles - ahead_since_;
    return std::min<Cycles>(passed > consumed ? passed - consumed : 0, parameters_.fetch_words);
  }
  void set_words_ahead(Address pc, Cycles cycles, Cycles words) {
    ahead_word_ = pc >> 2;
    ahead_since_ = cycles - words;
  }

  Cycles enter_slowly(const Facts& facts, Address pc, Cycles cycles);
  Cycles fetch_line(CachedFlash::Line line, Cycles ahead, Cycles cycles);
  Cycles issue_rare(const Facts& facts, Cycles cycles);
  Cycles issue_fp(const Facts& facts, Cycles cycles);
  Cycles share_code_bus(Address next, Cycles cycles);
  void prepare_fp(const InstructionFacts& instruction, Facts& facts) const;
  bool is_flash(Address address) const { return address - flash_base_ < flash_size_; }

  const mcu_models::PipelineM33Parameters parameters_;
  const ClassCosts costs_;
  const unsigned branch_taken_;
  CachedFlash flash_;
  Address flash_base_ = 0;
  Bytes flash_size_ = 0;

  // Results
  Leaves left_ = 0;         ///< By the instruction before.
  Leaves paired_with_ = 0;  ///< What the first of two left, of the branch that was issued last.
  unsigned division_ = 1;   ///< Cycles of the division that is issued next.

  // Fetch
  CachedFlash::Line line_ = CachedFlash::kNoLine;  ///< That is being executed.
  bool redirected_ = true;
  bool in_flash_ = false;           ///< The code is.
  bool registers_written_ = false;  ///< The flash interface may have been programmed.
  Address not_fetched_ = 1;         ///< Where a pair cannot have its second instruction.
  Address ahead_word_ = 0;          ///< Fetching was not ahead of this word
  Cycles ahead_since_ = 0;          ///< at this time.

  // Buses
  Address system_bus_ = kSystemBus, system_bus_size_ = kSystemBusSize;  ///< Data that code does not disturb.
  Cycles code_load_ = 0, system_load_ = 0;  ///< Which issue the last load on each was, as issued_ counts.

  // FPU
  std::array<Cycles, 32> fp_ready_{}, fp_accumulator_ready_{};  ///< By single-precision register.
  Cycles fp_free_ = 0;                                          ///< First cycle for the next FP instruction.

  Address next_ = 0;   ///< Behind the instruction that was issued last.
  Cycles issued_ = 0;  ///< Issues so far.
  Spending spent_;
  Fetches fetches_;
  bool repeatable_ = false, rehearses_ = false;
};

}  // namespace mcusim::emulator
