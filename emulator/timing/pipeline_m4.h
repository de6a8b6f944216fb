#pragma once

#include <array>
#include <memory>
#include <vector>

#include "common/units.h"
#include "emulator/timing/flash_accelerator.h"
#include "emulator/timing/instruction_facts.h"
#include "emulator/timing/last_uses.h"
#include "emulator/timing/spending.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The three-stage pipeline of Cortex-M3 and M4 with its memories: a fetch queue that runs ahead of decoding,
/// one instruction at a time, loads that overlap with the next load. docs/cycle-models.md explains the rules,
/// CoreModel::pipeline holds the numbers and their sources.
///
/// The caller announces each instruction in the order of execution, then its data accesses and where it
/// branches, and takes the cycle counter from the answers. Time that passes between two calls is booked as
/// exceptions. For what outcomes and states are see Replay.
class PipelineM4 {
  enum class Kind : std::uint8_t {
    simple,
    load,
    store,
    load_block,
    store_block,
    divide,
    fp,
    fp_memory,
    fp_divide,
    it
  };

 public:
  /// What the rules ask of an instruction.
  struct Facts {
    std::uint32_t address_of = 0;   ///< Core registers that form the address of an access.
    std::uint32_t results = 0;      ///< Core registers that data processing writes.
    std::uint32_t loads = 0;        ///< Core registers loaded from memory.
    std::uint32_t fp_operands = 0;  ///< FP registers read.
    std::uint32_t fp_results = 0;   ///< FP registers that FP arithmetic writes.
    Kind kind = Kind::simple;
    StallCause further = StallCause::system;  ///< Of the cycles after the first.
    std::uint8_t slots = 1;                   ///< Half-words.
    std::uint8_t cycles = 1;                  ///< Without the refill behind a branch.
    std::uint32_t hides_load = 0;             ///< 1: may hide the second cycle of a load directly before.
  };
  Facts prepare(const InstructionFacts& instruction) const;

  /// Throws InputError when `mcu` has no pipeline of this kind or no flash interface that is modelled.
  PipelineM4(const mcu_models::McuModel& mcu, FlashAccelerator::ReadRegister read_register);

  void reset();
  /// `cycles`: the counter before the instruction. Answers the counter after it.
  Cycles issue(const Facts& facts, Address pc, Cycles cycles);
  /// An instruction that its IT block suppresses.
  Cycles skip(const Facts& facts, Address pc, Cycles cycles) {
    return issue({.slots = facts.slots}, pc, cycles);
  }
  static constexpr bool kDividesByOperands = true;
  static constexpr bool kPredictsBranches = false;
  /// Operands as magnitudes.
  unsigned divide_cycles(std::uint32_t dividend, std::uint32_t divisor) const;
  /// The instruction that is issued next divides, and takes so many cycles.
  void dividing(unsigned cycles) { division_ = cycles; }
  /// Time that passed asleep.
  void sleep(Cycles cycles) { now_ += cycles; }
  /// Waits of the exception mechanism beyond zero wait states: of a frame's words, of a vector.
  Cycles frame_wait(Address frame, unsigned words, bool is_store, Cycles at);
  Cycles vector_wait(Address vector, Cycles at);
  std::vector<CacheWatch*> watch_caches(const CacheWatch::OwnerOf& owner_of,
                                        const CacheWatch::Accessing& accessing) {
    return flash_->watch_caches(flash_base_, owner_of, accessing);
  }
  std::vector<CacheUse> caches() const {
    return {{"flash_i", flash_->instruction_lines()}, {"flash_d", flash_->data_lines()}};
  }
  /// What the last step was spent on.
  Spending& spent() { return spent_; }
  /// Where the instruction that was issued last goes on, unless it branches.
  Address next() const { return next_pc_; }

  // --- Outcomes ---
  /// What an outcome of the instruction that was issued last depends on, beside its memory.
  struct Ending {
    std::uint8_t region = 0;          ///< Of the access before.
    std::uint8_t chained = 0;         ///< It hides the second cycle of a load.
    std::uint8_t region_matters = 0;  ///< To this access, or to the next one.
    std::uint8_t on_system_bus = 0;   ///< The code.
  };
  Ending ending(Cycles /*cycles*/) const {
    return {last_region_, chained_, chained_ || tail_pending_, code_on_system_bus_};
  }
  /// Whether a store there may change how memories answer; store_change() carries it out.
  bool changed_by_store(Address address) const { return regions_[address >> kPageBits] == in_device; }
  Cycles store_change(Address address, unsigned width, Cycles cycles);
  /// Carries out an access, and answers its outcome.
  std::uint32_t observe(const Ending& ending, Address address, unsigned width, bool is_store, Cycles now);
  /// What observe() would answer if the memory makes nobody wait, otherwise kNotAtOnce; and what is left to
  /// be done then.
  [[gnu::always_inline]] std::uint32_t expect(const Ending& ending, Address address, unsigned width,
                                              bool is_store, Cycles /*now*/) const {
    const std::uint8_t region = regions_[address >> kPageBits];
    const bool at_once = region >= in_first_ram ||
                         (region == in_flash && !is_store && flash_->holds_data(flash_offset(address)));
    return at_once && (address & 3) + width <= 4 ? place_of(ending, region, address) : kNotAtOnce;
  }
  void carry_out(const Ending&, Address address, unsigned /*width*/, bool is_store, Cycles /*now*/) {
    if (!is_store && regions_[address >> kPageBits] == in_flash) flash_->data_at_once(flash_offset(address));
  }
  Cycles apply(std::uint32_t outcome, Cycles cycles);
  static std::uint32_t expect_branch(const Ending&, bool taken) { return taken ? 1 : 0; }
  void carry_out_branch(const Ending&, bool) {}
  /// A taken branch goes elsewhere, even if that is the next instruction.
  Cycles apply_branch(std::uint32_t taken, Cycles cycles) {
    if (taken != 0) next_pc_ = kNowhere;
    return cycles;
  }
  Cycles apply_jump(Cycles cycles) { return cycles; }

  /// What to look at to see that a decision comes to a certain outcome without anybody's waiting, and that
  /// nothing is left to be done.
  struct Check {
    std::uint8_t lowest = 0xff, highest = 0;  ///< RAM that may be accessed.
  };
  static Check check(const Ending& ending, std::uint32_t outcome) {
    if (outcome < in_first_ram || outcome > kRegion || ending.on_system_bus != 0) return {};
    const auto region = static_cast<std::uint8_t>(outcome);
    return {region, ending.region_matters != 0 ? region : std::uint8_t{0xff}};
  }
  template <unsigned kWidth>
  [[gnu::always_inline]] bool loads_as_expected(const Check& check, Address address) const {
    const std::uint8_t region = regions_[address >> kPageBits];
    return region >= check.lowest && region <= check.highest && (address & (kWidth - 1)) == 0;
  }
  template <unsigned kWidth>
  [[gnu::always_inline]] bool stores_as_expected(const Check& check, Address address, Cycles) const {
    return loads_as_expected<kWidth>(check, address);
  }
  template <bool kIsTaken>
  static bool branches_as_expected(const Check&, std::uint32_t outcome) {
    return outcome == (kIsTaken ? 1 : 0);
  }

  // --- State ---
  /// What later instructions can tell of those before. Times count from now, plus kNow; of those that are
  /// over, the earliest that still makes no difference.
  struct State {
    struct Word {
      std::uint8_t start, decodable, flash_wait;
    };
    std::uint32_t results, loads, fp_results;
    std::array<Word, 4> words;  ///< The last one fetched at the end.
    std::uint8_t queued;        ///< Words fetched from that of the next instruction in sequence on.
    std::uint8_t bus_free, last_start, fp_free;
    std::uint8_t last_slots, last_kind, tail_pending, chained;
    std::uint8_t region, code_in_flash, code_on_system_bus, streams;
    std::uint8_t in_sequence, division;
    std::array<std::uint8_t, 2> unused;
  };
  /// False: it cannot be told in these numbers. `next`: the next instruction.
  bool save(State& state, Address next, Cycles cycles) const;
  void restore(const State& state, Address next, const Facts& facts, Cycles cycles);

  /// Lines of the flash that a run of instructions fetches from without waiting.
  struct Fetches {
    std::array<std::uint32_t, 4> lines{};
    std::uint32_t line_count = 0;
    std::uint32_t held = 0;  ///< FlashAccelerator::contents() when all were found to be held.

    bool empty() const { return line_count == 0; }
  };
  void begin_fetches(const State& from, Cycles cycles);
  /// Since then; nullptr if the pipeline had to wait, or there are too many.
  const Fetches* fetches() const { return repeatable_ ? &fetches_ : nullptr; }
  /// Whether they answer at once: as far as that is known, and for sure.
  [[gnu::always_inline]] bool holds_still(const Fetches& fetches, Cycles /*cycles*/) const {
    return fetches.line_count == 0 || fetches.held == flash_->contents();
  }
  bool holds(Fetches& fetches, Cycles cycles) const;
  /// Another number whenever lines that it holds may have gone; and since when all that were awaited are
  /// there.
  std::uint32_t contents() const { return flash_->contents(); }
  static Cycles filled() { return 0; }
  /// Carries them out.
  void fetched(const Fetches& fetches) {
    for (unsigned i = 0; i < fetches.line_count; ++i) flash_->enter_held(fetches.lines[i]);
  }
  /// The sum of several.
  struct Passage {
    std::uint32_t first = 0, changes = 0;
    LastUses uses;

    void add(const Fetches& fetches);
    std::size_t bytes() const { return uses.bytes(); }
  };
  void passed(const Passage& passage) {
    if (!passage.uses.empty()) flash_->enter_held(passage.first, passage.uses.lines(), passage.changes);
  }
  /// Whether an access changes what fetches depend on, or the other way round.
  static constexpr bool touches_code(Address, bool /*is_store*/) { return false; }
  /// Fetches cost nothing and change nothing.
  void rehearse(bool on) { rehearses_ = on; }

 private:
  /// A word in the fetch queue, indexed by its number modulo 4.
  struct FetchedWord {
    Cycles start = 0;      ///< Cycle of its address phase.
    Cycles decodable = 0;  ///< First cycle in which it can be decoded.
    Cycles flash_wait = 0;
  };
  static constexpr unsigned kNow = 64;
  static constexpr unsigned kPageBits = 12;
  static constexpr Address kNowhere = 1;
  /// From the address phase of a fetch to execution: data phase, decode, execute.
  static constexpr Cycles kFetchToExecute = 3;
  static constexpr Address kSystemBus = 0x20000000;  ///< DDI 0403E B3.1; code below it has buses of its own.
  enum Region : std::uint8_t { in_device = 0, in_flash = 1, in_first_ram = 2 };

  // An outcome of an access: its region, these bits, and how many cycles it waits.
  static constexpr std::uint32_t kRegion = 255, kUnaligned = 256, kBusTaken = 512;
  static constexpr unsigned kWaitShift = 16;
  static constexpr std::uint32_t kNotAtOnce = ~1u;

  static std::uint32_t place_of(const Ending& ending, std::uint8_t region, Address address) {
    const std::uint8_t place =
        ending.region_matters == 0 && region > in_first_ram ? std::uint8_t{in_first_ram} : region;
    return place | (ending.on_system_bus != 0 && address >= kSystemBus ? kBusTaken : 0u);
  }
  void spend(StallCause cause, Cycles cycles) { spent_.add(cause, static_cast<std::int64_t>(cycles)); }
  void map(Address base, Bytes size, std::uint8_t region);
  Address flash_offset(Address address) const {
    return address - (address - flash_base_ < flash_size_ ? flash_base_ : flash_alias_);
  }
  void redirect(Address pc, Cycles at);
  void fetch_word(Cycles at);
  Cycles fetch(Address offset, Cycles at);
  /// A word's last half-word is decoded in cycle `decode`: its place takes the next word.
  void refill_queue(Cycles decode);
  FetchedWord& word(Address number) { return queue_[number & 3]; }

  const mcu_models::PipelineParameters parameters_;
  std::unique_ptr<FlashAccelerator> flash_;
  Address flash_base_ = 0, flash_alias_ = 0;
  Bytes flash_size_ = 0;
  std::vector<std::uint8_t> regions_;  ///< By 4 KiB page.

  Spending spent_;
  Cycles now_ = 0;                  ///< End of what was announced last.
  bool registers_written_ = false;  ///< The flash interface may have been programmed.

  // Fetch
  Address next_pc_ = kNowhere;
  Address next_word_ = 0;
  Cycles bus_free_ = 0;   ///< First cycle for the next address phase.
  bool streams_ = false;  ///< The last fetch followed another without a pause.
  bool code_in_flash_ = false, code_on_system_bus_ = false;
  std::array<FetchedWord, 4> queue_{};
  Fetches fetches_;
  std::uint32_t fetched_line_ = 0;  ///< The one that was fetched from last.
  bool repeatable_ = false, rehearses_ = false;

  // What the instruction before leaves behind
  Cycles last_start_ = 0;
  unsigned last_slots_ = 2;
  Kind last_kind_ = Kind::simple;
  bool tail_pending_ = false;  ///< It is a load whose second cycle nothing has hidden yet.
  bool chained_ = false;       ///< The current load hides that of the load before.
  std::uint32_t last_results_ = 0, last_loads_ = 0, last_fp_results_ = 0;
  std::uint8_t last_region_ = 0;
  unsigned division_ = 1;  ///< Cycles of the division that is issued next.
  Cycles fp_free_ = 0;     ///< End of the division or square root in the background.
};

}  // namespace mcusim::emulator
