#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "common/units.h"
#include "emulator/timing/instruction_facts.h"
#include "emulator/timing/m7/branch_predictor.h"
#include "emulator/timing/m7/memory_m7.h"
#include "emulator/timing/spending.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The dual-issue pipeline of Cortex-M7 with its memories: a scoreboard that says when each register can be
/// read, pairs of instructions that may issue together, a fetch queue behind a branch predictor.
/// docs/cycle-models.md explains the rules, CoreModel::pipeline_m7 holds the numbers and their sources.
///
/// The caller announces each instruction in the order of execution, then its data accesses and where it
/// branches, and takes the cycle counter from the answers. Time that passes between two calls is booked as
/// exceptions. What accesses and branches come to is an outcome: observe() asks memories and predictor,
/// apply() does to the pipeline what follows from the answer. See Replay.
class PipelineM7 {
  /// Where a register is read: in the late ALU; before it, by addresses and shifters; as a factor; behind it.
  enum Need : std::uint8_t { need_late = 0, need_early = 64, need_factor = 128, need_accumulator = 192 };
  /// When a register can be read. The other needs differ from the late ALU's by a few cycles.
  struct Ready {
    Cycles late = 0;
    std::array<std::int8_t, 4> more{};  ///< By Need.
    StallCause producer = StallCause::result;
    std::array<std::uint8_t, 3> unused{};
  };
  /// From where an instruction reaches the early ALU. A younger one needs the shifter to be free.
  enum class Early : std::uint8_t { never, older_slot, either_slot };
  enum class Branch : std::uint8_t { none, conditional, direct, indirect };

 public:
  /// What the rules ask of an instruction.
  struct Facts {
    std::uint64_t loaded = 0;               ///< Registers of a load multiple; others are in `results`.
    std::array<std::uint8_t, 8> sources{};  ///< Need | register.
    std::array<std::uint8_t, 4> results{};  ///< Registers.
    std::array<std::int8_t, 4> more{};      ///< Ready::more of the results.
    std::uint16_t properties = 0, blocks = 0;
    std::uint8_t source_count = 0, result_count = 0;
    std::uint8_t distance = 1;  ///< Of the results, to the late ALU.
    std::uint8_t base = 0xff;   ///< The address register that is written back.
    std::uint8_t cycles = 1;    ///< Until the next instruction may issue.
    StallCause further = StallCause::system, produces = StallCause::result;
    Branch branch = Branch::none;
    std::uint8_t slots = 1;
    std::uint8_t writes_flags = 0, backward = 0;
    Early early_alu = Early::never;
  };
  Facts prepare(const InstructionFacts& instruction) const;

  /// Throws InputError when `mcu` has no pipeline of this kind or lacks facts about its memories.
  PipelineM7(const mcu_models::McuModel& mcu, MemoryM7::Environment environment);

  void reset();
  /// `cycles`: the counter before the instruction. Answers the counter after it.
  Cycles issue(const Facts& facts, Address pc, Cycles cycles) { return issue_as<false>(facts, pc, cycles); }
  /// An instruction that its IT block suppresses: it takes its slot.
  Cycles skip(const Facts& facts, Address pc, Cycles cycles) { return issue_as<true>(facts, pc, cycles); }
  static constexpr bool kDividesByOperands = false;
  static constexpr bool kPredictsBranches = true;
  void dividing(unsigned) {}
  /// Time that passed asleep.
  void sleep(Cycles cycles) { now_ += cycles; }
  /// Waits of the exception mechanism beyond zero wait states: of a frame's words, of a vector.
  Cycles frame_wait(Address frame, unsigned words, bool is_store, Cycles at);
  Cycles vector_wait(Address vector, Cycles at) { return memory_.load(vector, at); }
  std::vector<CacheUse> caches() const { return memory_.caches(); }
  std::vector<CacheWatch*> watch_caches(const CacheWatch::OwnerOf& owner_of,
                                        const CacheWatch::Accessing& accessing) {
    return memory_.watch_caches(owner_of, accessing);
  }
  /// What the last step was spent on.
  Spending& spent() { return spent_; }
  /// Where the instruction that was issued last goes on, unless it branches.
  Address next() const { return next_pc_; }

  // --- Outcomes ---
  /// What an outcome of the instruction that was issued last depends on, beside memories and predictor.
  struct Ending {
    Address branch = 0;                                ///< Its address, if it is a direct one.
    std::array<std::uint8_t, 2> unaligned{};           ///< Cycles; with the older load in the same bank.
    std::uint8_t older_bank = 2;                       ///< It is the younger of two loads.
    std::uint8_t alone = 0;                            ///< It issues alone.
    std::uint8_t bank_matters = 0;                     ///< To a younger load.
    std::uint8_t first_of_even = 0, behind_other = 0;  ///< Among the words of a store.
  };
  Ending ending(Cycles cycles) const;

  /// Whether a store there may change how memories answer; store_change() carries it out.
  bool changed_by_store(Address address) { return memory_.is_device(address); }
  Cycles store_change(Address address, unsigned width, Cycles cycles);
  /// Carries out an access at the end of cycle `now` - 1, and answers its outcome.
  std::uint32_t observe(const Ending& ending, Address address, unsigned width, bool is_store, Cycles now);
  /// What observe() would answer if the memory makes nobody wait, otherwise kNotAtOnce; and what is left to
  /// be done then.
  [[gnu::always_inline]] std::uint32_t expect(const Ending& ending, Address address, unsigned width,
                                              bool is_store, Cycles now) const;
  [[gnu::always_inline]] void carry_out(const Ending& ending, Address address, unsigned width, bool is_store,
                                        Cycles now);
  Cycles apply(std::uint32_t outcome, Cycles cycles);
  std::uint32_t expect_branch(const Ending& ending, bool taken) const {
    const BranchPredictor::Prediction prediction = predictor_.predict(ending.branch);
    const std::uint32_t outcome = taken ? kTaken : 0u;
    if (!prediction.known) return outcome;
    return outcome | kKnown | (prediction.taken ? kPredictedTaken : 0u);
  }
  void carry_out_branch(const Ending& ending, bool taken) { predictor_.update(ending.branch, taken); }
  Cycles apply_branch(std::uint32_t outcome, Cycles cycles);
  /// The same for a branch that goes elsewhere by a register or a table.
  Cycles apply_jump(Cycles cycles);
  /// A direct branch of which an exception may be the successor.
  void leave_branch(bool taken) { taken_ |= taken; }

  /// What to look at to see that a decision comes to a certain outcome without anybody's waiting, and that
  /// nothing is left to be done.
  struct Check {
    Address mask = 0, value = ~0u;  ///< Of an access to tightly coupled memory: what its address must be.
    std::uint32_t delay = 0;        ///< Of a store.
    Address branch_pc = 1;
    const BranchPredictor::Entry* branch = &BranchPredictor::kNone;  ///< Must be settled.
  };
  Check check(const Ending& ending, std::uint32_t outcome) const;
  template <unsigned kWidth>
  [[gnu::always_inline]] bool loads_as_expected(const Check& check, Address address) const {
    return (address & (check.mask | (kWidth - 1))) == check.value && memory_.is_known_to_be_tcm(address);
  }
  /// Carries it out, too.
  template <unsigned kWidth>
  [[gnu::noinline]] bool stores_as_expected(const Check& check, Address address, Cycles now) {
    return (address & (check.mask | (kWidth - 1))) == check.value &&
           memory_.store_to_tcm_at_once<kWidth>(address, now - 1 + check.delay);
  }
  template <bool kIsTaken>
  [[gnu::always_inline]] static bool branches_as_expected(const Check& check, std::uint32_t outcome) {
    constexpr std::uint32_t kAsPredicted = kKnown | (kIsTaken ? kTaken | kPredictedTaken : 0);
    return outcome == kAsPredicted && check.branch->is_settled<kIsTaken>(check.branch_pc);
  }

  // --- State ---
  /// What later instructions can tell of those before. Times count from now; of those that are over, the
  /// earliest that still makes no difference.
  struct State {
    struct Register {
      std::uint8_t number;
      StallCause producer;
      std::array<std::uint8_t, 4> ready;  ///< By Need, from the cycle before now.
    };
    std::array<Register, 14> registers;  ///< Those that are not ready for everything.
    std::uint16_t blocks, older_properties;
    std::int16_t chunk;  ///< From that of the next instruction.
    std::int8_t chunk_ready;
    StallCause fetch_cause;
    std::array<std::int8_t, 4> chunk_issued;  ///< The last one fetched at the end.
    std::int8_t missing_short, flags_set, restart_at;
    std::uint8_t fp_mac_window;
    std::int8_t jump_issue;  ///< Of a branch that loads its target, while it loads.
    std::uint8_t in_sequence, restarts, open, older_waited, older_bank, stored, jumps;
  };
  /// False: it cannot be told in these numbers. `next`: the next instruction.
  bool save(State& state, Address next, Cycles cycles) const;
  /// `facts`: of the instruction that was issued last, if it may go on with another access.
  void restore(const State& state, Address next, const Facts& facts, Cycles cycles);

  /// Lines of code that a run of instructions fetches from the instruction cache without waiting.
  struct Fetches {
    std::array<std::uint32_t, 3> lines{};
    std::array<std::uint8_t, 3> first{}, counts{};  ///< Chunk of each line that is fetched first; how many.
    std::uint16_t chunks = 0;
    std::uint8_t line_count = 0;
    std::int8_t earliest = 0;  ///< From its beginning.
    std::uint32_t held = 0;    ///< MemoryM7::contents() when they were found to be held.

    bool empty() const { return line_count == 0; }
  };
  void begin_fetches(const State& /*from*/, Cycles cycles) {
    fetches_ = {}, fetches_began_ = cycles, repeatable_ = true;
  }
  /// Since then; nullptr if the pipeline had to wait, or there are too many.
  const Fetches* fetches() const { return repeatable_ ? &fetches_ : nullptr; }
  /// Whether they answer at once: as far as that is known, and for sure.
  [[gnu::always_inline]] bool holds_still(const Fetches& fetches, Cycles cycles) const {
    return fetches.line_count == 0 ||
           (cycles + static_cast<Cycles>(std::int64_t{fetches.earliest}) >= memory_.filled() &&
            fetches.held == memory_.contents());
  }
  bool holds(Fetches& fetches, Cycles cycles);
  /// Another number whenever lines that it holds may have gone; and since when all that were awaited are
  /// there.
  std::uint32_t contents() const { return memory_.contents(); }
  Cycles filled() const { return memory_.filled(); }
  /// Carries them out.
  void fetched(const Fetches& fetches) {
    if (fetches.line_count == 0) return;
    memory_.fetched(fetches.lines[fetches.line_count - 1u], fetches.chunks);
    if (memory_.watches_fetches()) [[unlikely]]
      note(fetches);
  }
  /// The sum of several.
  struct Passage {
    std::uint32_t line = 0, chunks = 0;

    void add(const Fetches& fetches) {
      if (fetches.line_count != 0) line = fetches.lines[fetches.line_count - 1u];
      chunks += fetches.chunks;
    }
    static std::size_t bytes() { return 0; }
  };
  void passed(const Passage& passage) {
    if (passage.chunks != 0) memory_.fetched(passage.line, passage.chunks);
  }
  /// Whether an access changes what fetches depend on, or the other way round.
  static constexpr bool touches_code(Address, bool /*is_store*/) { return false; }
  /// Fetches cost nothing and change nothing.
  void rehearse(bool on) { rehearses_ = on; }

 private:
  enum BranchOutcome : std::uint32_t { kTaken = 1, kKnown = 2, kPredictedTaken = 4 };

  template <bool kSuppressed>
  Cycles issue_as(const Facts& facts, Address pc, Cycles cycles);
  void note(const Fetches& fetches);
  void resume(Cycles cycles);
  void follow(Address pc);
  void settle_missing_short();
  void start_fetching(Address pc, Cycles at, StallCause cause);
  void fetch_next(Cycles at, StallCause cause);
  Cycles fetch(Cycles at);
  void complete(const Facts& facts, Cycles at);
  void stall(StallCause cause, Cycles cycles) {
    spent_.add(cause, static_cast<std::int64_t>(cycles));
    now_ += cycles;
  }
  /// The outcome of a load as far as it does not depend on the memory, and when it is done.
  struct Load {
    std::uint32_t outcome;
    Cycles at;
  };
  [[gnu::always_inline]] static Load load_of(const Ending& ending, Address address, unsigned width,
                                             Cycles now);
  /// The same of a store. The second half of an aligned pair is stored with the first.
  static std::uint32_t store_of(const Ending& ending, Address address) {
    return kStored | (ending.first_of_even & (address >> 2));
  }
  static bool is_second_half(const Ending& ending, Address address) {
    return ending.behind_other != 0 && (address & 7) == 4;
  }
  Cycles apply_store(std::uint32_t outcome);
  Cycles next_fetch() const;
  Cycles ready_for(unsigned source) const {
    const Ready& ready = ready_[source & 63];
    return ready.late + static_cast<Cycles>(ready.more[source >> 6]);
  }

  const mcu_models::PipelineM7Parameters parameters_;
  MemoryM7 memory_;
  BranchPredictor predictor_;
  const std::array<std::int8_t, 4> early_results_;  ///< Ready::more of what the early ALU delivers.

  Spending spent_;
  Cycles now_ = 0;  ///< The first cycle in which the next older instruction may issue.
  bool registers_written_ = false;

  // Fetch. A chunk is 64 bits.
  Address next_pc_ = 1;
  Address chunk_ = ~0u;
  Cycles chunk_ready_ = 0;
  StallCause chunk_cause_ = StallCause::branch;
  unsigned sequence_ = 0;
  int missing_short_ = 0;  ///< 16-bit instructions that load and store multiple miss, since a taken branch.
  std::array<Cycles, 4> chunk_issued_{};  ///< Last issue out of each entry of the queue.
  bool restarts_ = false;                 ///< Fetching starts anew where the next instruction is.
  Cycles restart_at_ = 0;
  StallCause restart_cause_ = StallCause::branch;
  Fetches fetches_;
  Cycles fetches_began_ = 0;
  bool repeatable_ = false, rehearses_ = false;

  // The instruction that was issued last
  const Facts* last_ = nullptr;
  Cycles last_issue_ = 0;
  bool last_is_younger_ = false;
  Branch branch_ = Branch::none;
  Address branch_pc_ = 0;
  Cycles branch_issue_ = 0;
  bool branch_backward_ = false, taken_ = false;
  bool stored_ = false;  ///< A word, of a store that issues alone.

  // The group that may still take a younger instruction
  bool open_ = false;
  std::uint16_t blocks_ = 0, older_properties_ = 0;
  bool older_waited_ = false;
  unsigned older_bank_ = 2;  ///< Word bank of the older load; 2: it is none.

  std::array<Ready, 64> ready_{};  ///< By register.
  Cycles flags_set_ = 0;
  Cycles fp_mac_window_ = 0;  ///< End of the cycles behind a fused multiply-add.
  // An outcome of an access: these bits, its cause and how many cycles it waits.
  static constexpr std::uint32_t kStored = 128, kUnaligned = 2, kUpperBank = 1, kSameBank = 1, kOddStart = 1;
  static constexpr unsigned kCauseShift = 2, kWaitShift = 8, kWriteBackShift = 24;
  static constexpr std::uint32_t kWaitMask = 0xffff;  ///< Write-backs are part of the wait.
  static constexpr std::uint32_t kNotAtOnce = ~1u;
};

inline PipelineM7::Load PipelineM7::load_of(const Ending& ending, Address address, unsigned width,
                                            Cycles now) {
  Load load{0, now - 1};
  if (ending.alone != 0) return load;
  const unsigned bank = address >> 2 & 1;
  const bool same_bank = ending.older_bank == bank;
  load.at += same_bank ? 1 : 0;
  load.outcome = (ending.bank_matters & bank) | (same_bank ? kSameBank : 0);
  if ((address & (width - 1)) != 0) [[unlikely]] {
    load.outcome |= kUnaligned;
    load.at += ending.unaligned[same_bank ? 1 : 0];
  }
  return load;
}

inline std::uint32_t PipelineM7::expect(const Ending& ending, Address address, unsigned width, bool is_store,
                                        Cycles now) const {
  if (is_store) {
    const std::uint32_t outcome = store_of(ending, address);
    if (is_second_half(ending, address)) return outcome;
    return memory_.stores_at_once(address, now - 1 + (outcome & kOddStart)) ? outcome : kNotAtOnce;
  }
  const Load load = load_of(ending, address, width, now);
  return memory_.loads_at_once(address, load.at) ? load.outcome : kNotAtOnce;
}

inline void PipelineM7::carry_out(const Ending& ending, Address address, unsigned width, bool is_store,
                                  Cycles now) {
  if (!is_store)
    memory_.loaded_at_once(address);
  else if (!is_second_half(ending, address))
    memory_.store(address, width, now - 1 + (store_of(ending, address) & kOddStart));
}

}  // namespace mcusim::emulator
