#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "common/units.h"
#include "emulator/timing/cache_counters.h"
#include "emulator/timing/cache_watch.h"
#include "emulator/timing/instruction_class.h"
#include "emulator/timing/last_uses.h"
#include "emulator/timing/spending.h"
#include "mcu_models/vle_model.h"

namespace mcusim::emulator {

/// Which lines of 32 bytes a cache of two ways holds; no data. The way used last comes first.
class TwoWayTags {
 public:
  explicit TwoWayTags(const mcu_models::CacheModel& model);

  /// Whether the line is the one of its set that was used last.
  bool used_last(std::uint32_t line) const { return tags_[(line & set_mask_) * 2] == line; }
  bool holds(std::uint32_t line) const {
    const std::uint32_t* const set = &tags_[(line & set_mask_) * 2];
    return set[0] == line || set[1] == line;
  }
  /// Whether the line is held; makes it the one used last.
  [[gnu::always_inline]] bool hit(std::uint32_t line) {
    std::uint32_t* const set = &tags_[(line & set_mask_) * 2];
    if (set[0] == line) return true;
    if (set[1] != line) return false;
    std::swap(set[0], set[1]);
    return true;
  }
  void insert(std::uint32_t line);
  void clear();

  CacheWatch* watch(const CacheWatch::OwnerOf& owner_of, const CacheWatch::Accessing& accessing);
  /// Null: nobody looks on.
  CacheWatch* watch() const { return watch_.get(); }
  void note_use(Address address) { watch_->used(address, address / kLine & set_mask_); }
  void note_missed_fetch(Address address) { watch_->missed_fetch(address, address / kLine & set_mask_); }
  void note_missed_data(Address address) { watch_->missed_data(address, address / kLine & set_mask_); }

 private:
  static constexpr std::uint32_t kNone = ~0u, kLine = 32;
  std::uint32_t set_mask_;
  std::vector<std::uint32_t> tags_;
  std::unique_ptr<CacheWatch> watch_;
};

/// The pipeline of the e200z4 and its memories: in-order issue of up to two instructions per cycle, a branch
/// target buffer, caches that L1CSR0 and L1CSR1 switch on, the flash with its wait states and one line buffer
/// per port. docs/e200.md explains the rules, the core's file holds the numbers and their sources.
///
/// The caller announces each instruction in the order of execution, then its branch and its data accesses;
/// each call moves the cycle counter on. For what outcomes and states are see Replay.
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
    bool divides = false;                   ///< Its further cycles are those of dividing().
    bool indirect = false;                  ///< A branch to an address in a register.
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
  /// `cycles`: the counter before the instruction. Answers the counter after it.
  Cycles issue(const Facts& facts, Address pc, Cycles cycles);
  /// No instruction of this core is suppressed.
  Cycles skip(const Facts& facts, Address pc, Cycles cycles) { return issue(facts, pc, cycles); }
  static constexpr bool kPredictsBranches = false;  ///< In the sense of Replay: an open branch can be left.
  /// Of a quotient of so many bits.
  unsigned divide_cycles(unsigned quotient_bits) const {
    return parameters_.divide_least +
           (parameters_.divide_most - parameters_.divide_least) * quotient_bits / 32;
  }
  /// The instruction that is issued next divides, and takes so many cycles.
  void dividing(unsigned cycles) { division_ = cycles; }
  /// Where the branch that is decided next goes if it is taken.
  void head_for(Address target) { target_ = target; }
  /// L1CSR0, L1CSR1 or BUCSR was written.
  void control_changed() {
    dirty_ = true;
    line_ = kNoLine;
  }
  /// Time that passed asleep changes nothing.
  void sleep(Cycles) {}
  std::vector<CacheUse> caches() const { return {{"l1i", code_use_}, {"l1d", data_use_}}; }
  std::vector<CacheWatch*> watch_caches(const CacheWatch::OwnerOf& owner_of,
                                        const CacheWatch::Accessing& accessing) {
    return {code_tags_.watch(owner_of, accessing), data_tags_.watch(owner_of, accessing)};
  }
  /// What the last step was spent on.
  Spending& spent() { return spent_; }
  /// Where the instruction that was issued last goes on, unless it branches.
  Address next() const { return next_pc_; }

  // --- Outcomes: what a decision costs and why, and whether a branch is taken ---
  /// What an outcome of the instruction that was issued last depends on, beside memories and branch buffer.
  struct Ending {
    Address pc = 0;
    bool indirect = false;
  };
  Ending ending(Cycles /*cycles*/) const { return {pc_, indirect_}; }
  /// The registers that change timing are behind the bridges.
  bool changed_by_store(Address address) const { return regions_[address >> kPageBits] == Region::device; }
  Cycles store_change(Address address, unsigned width, Cycles cycles);
  /// Carries out an access, and answers its outcome.
  std::uint32_t observe(const Ending& ending, Address address, unsigned width, bool is_store, Cycles now);
  /// What observe() would answer, and what is left to be done then.
  [[gnu::always_inline]] std::uint32_t expect(const Ending&, Address address, unsigned /*width*/,
                                              bool is_store, Cycles /*now*/) const {
    const Region region = regions_[address >> kPageBits];
    if (is_store) return region == Region::device ? kNotAtOnce : 0;
    if (region >= Region::other) return plain_loads_[static_cast<std::size_t>(region)];
    const std::uint32_t line = address >> kLineShift;
    if (control_.data_cache && data_tags_.holds(line)) [[likely]]
      return 0;
    return expect_past_cache(region, line);
  }
  [[gnu::always_inline]] void carry_out(const Ending&, Address address, unsigned /*width*/, bool is_store,
                                        Cycles /*now*/) {
    const Region region = regions_[address >> kPageBits];
    if (is_store || region >= Region::other) return;
    const std::uint32_t line = address >> kLineShift;
    if (control_.data_cache) {
      ++data_use_.accesses;
      if (data_tags_.hit(line)) [[likely]] {
        if (data_tags_.watch() != nullptr) [[unlikely]]
          data_tags_.note_use(address);
        return;
      }
    }
    load_past_cache(region, address);
  }
  Cycles apply(std::uint32_t outcome, Cycles cycles) {
    return spend(static_cast<StallCause>(outcome >> kCauseShift & kCauseMask), outcome >> kCyclesShift,
                 cycles);
  }
  [[gnu::always_inline]] std::uint32_t expect_branch(const Ending& ending, bool taken) const {
    const BranchEntry& entry = branches_[ending.pc >> 1 & branch_mask_];
    const bool known = control_.branch_buffer && entry.pc == ending.pc;
    const bool predicted = known && entry.counter >= kPredictTaken;
    const std::uint32_t direction = taken ? kTaken : 0;
    if (predicted == taken && (!taken || entry.target == target_)) return direction;
    return direction | (known ? mispredicted_ : ending.indirect ? indirect_unknown_ : direct_unknown_);
  }
  [[gnu::always_inline]] void carry_out_branch(const Ending& ending, bool taken) {
    if (!control_.branch_buffer) return;
    BranchEntry& entry = branches_[ending.pc >> 1 & branch_mask_];
    const bool known = entry.pc == ending.pc;
    if (taken) {
      entry = {ending.pc, target_, known ? std::min<std::uint8_t>(entry.counter + 1, 3) : kPredictTaken};
    } else if (known && entry.counter > 0) {
      --entry.counter;
    }
  }
  Cycles apply_branch(std::uint32_t outcome, Cycles cycles) {
    if ((outcome & kTaken) != 0) taken_ = kAll;
    return apply(outcome, cycles);
  }
  /// The branch has been decided before.
  Cycles apply_jump(Cycles cycles) { return cycles; }

 private:
  struct BranchEntry {
    Address pc = 1;  ///< Odd: empty.
    Address target = 0;
    std::uint8_t counter = 0;
  };

 public:
  /// What to look at to see that a decision comes to a certain outcome, and that nothing is left to be done
  /// but to count a hit of the line that was used last.
  struct Check {
    std::uint32_t outcome = kNotAtOnce;
    Address pc = 1;  ///< Of the branch.
    const BranchEntry* branch = nullptr;
  };
  Check check(const Ending& ending, std::uint32_t outcome) const {
    return {outcome, ending.pc, &branches_[ending.pc >> 1 & branch_mask_]};
  }
  template <unsigned kWidth>
  [[gnu::always_inline]] bool loads_as_expected(const Check& check, Address address) {
    if (check.outcome == 0 && control_.data_cache && data_tags_.used_last(address >> kLineShift)) {
      ++data_use_.accesses;
      return true;
    }
    const Region region = regions_[address >> kPageBits];
    return region >= Region::other && plain_loads_[static_cast<std::size_t>(region)] == check.outcome;
  }
  template <unsigned kWidth>
  [[gnu::always_inline]] bool stores_as_expected(const Check& check, Address address, Cycles) const {
    return check.outcome == 0 && regions_[address >> kPageBits] != Region::device;
  }
  template <bool kIsTaken>
  [[gnu::always_inline]] bool branches_as_expected(const Check& check, std::uint32_t outcome) const {
    if (outcome != (kIsTaken ? kTaken : 0) || !control_.branch_buffer) return false;
    const BranchEntry& entry = *check.branch;
    if (kIsTaken) return entry.pc == check.pc && entry.counter == 3 && entry.target == target_;
    return entry.pc != check.pc || entry.counter == 0;
  }

  // --- State ---
  /// What later instructions can tell of those before. Without the code cache that includes the flash's
  /// buffer and its waits: how code is fetched follows from what was executed.
  struct State {
    struct Late {
      std::uint8_t resource, cycles;
      StallCause cause;
    };
    std::array<std::uint32_t, 2> taken;
    std::uint32_t line, code_buffer;
    std::array<Late, 4> late;  ///< In the order of resources.
    std::uint8_t code_cache, wait_states, ram_wait, division;
  };
  /// False: it cannot be told in these numbers. `next`: the next instruction.
  bool save(State& state, Address next, Cycles cycles) const;
  void restore(const State& state, Address next, const Facts& facts, Cycles cycles);

  /// Lines that a run of instructions without branches fetches from the code cache: they follow one another.
  struct Fetches {
    std::uint32_t first = 0;
    std::uint32_t line_count = 0;
    std::uint32_t held = 0;  ///< contents() when all were found to be held.

    bool empty() const { return line_count == 0; }
  };
  void begin_fetches(const State&, Cycles) { fetches_ = {}, repeatable_ = true; }
  /// Since then; nullptr if a line had to be filled.
  const Fetches* fetches() const { return repeatable_ ? &fetches_ : nullptr; }
  /// Whether they answer at once: as far as that is known, and for sure.
  [[gnu::always_inline]] bool holds_still(const Fetches& fetches, Cycles /*cycles*/) const {
    return fetches.line_count == 0 || fetches.held == contents_;
  }
  bool holds(Fetches& fetches, Cycles cycles) const;
  /// Another number whenever lines that the code cache holds may have gone.
  std::uint32_t contents() const { return contents_; }
  static Cycles filled() { return 0; }
  /// Carries them out.
  void fetched(const Fetches& fetches) {
    code_use_.accesses += fetches.line_count;
    for (unsigned i = 0; i < fetches.line_count; ++i) code_tags_.hit(fetches.first + i);
    if (code_tags_.watch() != nullptr) [[unlikely]]
      note(fetches);
  }
  /// The sum of several.
  struct Passage {
    std::uint32_t accesses = 0;
    LastUses uses;

    void add(const Fetches& fetches);
    std::size_t bytes() const { return uses.bytes(); }
  };
  void passed(const Passage& passage) {
    code_use_.accesses += passage.accesses;
    for (const std::uint32_t line : passage.uses.lines()) code_tags_.hit(line);
  }
  /// Whether an access changes what fetches depend on, or the other way round.
  static constexpr bool touches_code(Address, bool /*is_store*/) { return false; }
  /// Fetches from the code cache change nothing.
  void rehearse(bool on) { rehearses_ = on; }

 private:
  static constexpr unsigned kLineShift = 5, kLineBeats = 4, kPageBits = 12;
  static constexpr std::uint64_t kAll = ~std::uint64_t{0};
  static constexpr std::uint32_t kNoLine = ~0u;
  static constexpr std::uint8_t kPredictTaken = 2;

  /// Memories. The data cache serves the first two.
  enum class Region : std::uint8_t { flash, ram, other, code = other, data, device };
  static constexpr std::size_t kBufferedFlash = 5;  ///< Behind the regions.

  static constexpr std::uint32_t kTaken = 1, kCauseShift = 1, kCauseMask = 127, kCyclesShift = 8,
                                 kNotAtOnce = ~1u;
  static constexpr std::uint32_t outcome(StallCause cause, Cycles cycles) {
    if (cycles == 0) return 0;
    return static_cast<std::uint32_t>(cycles) << kCyclesShift | static_cast<std::uint32_t>(cause)
                                                                    << kCauseShift;
  }

  void map(Address base, Bytes size, Region region);
  void finish(const Facts& facts);
  /// Resources that are not ready in a cycle behind issued_at_.
  std::uint64_t late_in(Cycles cycle) const {
    const Cycles behind = cycle - issued_at_ - 1;
    return behind < late_.size() ? late_[behind] : 0;
  }
  Cycles wait(std::uint64_t needs, Cycles cycles);
  Cycles enter(Address pc, std::uint32_t line, Cycles cycles);
  Cycles fetch(std::uint32_t line, Cycles cycles);
  Cycles fetch_cached(std::uint32_t line, bool flash, Cycles cycles);
  void note(const Fetches& fetches);
  std::uint32_t expect_past_cache(Region region, std::uint32_t line) const;
  void load_past_cache(Region region, Address address);
  void refresh();
  /// Behind a stall nothing joins what was issued before it.
  [[nodiscard]] Cycles spend(StallCause cause, Cycles more, Cycles cycles) {
    if (more != 0) taken_ = kAll;
    spent_.add(cause, static_cast<std::int64_t>(more));
    return cycles + more;
  }
  Cycles flash_read() const { return wait_states_ + parameters_.flash_overhead; }
  Cycles ram_read() const { return parameters_.ram_access + ram_wait_; }
  Cycles fill(Cycles first) const { return first + Cycles{kLineBeats} * parameters_.line_beat; }

  const mcu_models::PipelineE200Parameters parameters_;
  const mcu_models::FlashTiming flash_timing_;
  Environment environment_;
  std::vector<Region> regions_;  ///< By 4 KiB page.
  Address ram_control_ = 0;      ///< PRCR1 of the RAM controller; 0: none.

  bool dirty_ = true;
  Control control_;
  Cycles wait_states_ = 0, ram_wait_ = 0;
  /// Outcomes of loads past the data cache and of fills of its lines, by region; the last ones are of the
  /// line in the flash's buffer.
  std::array<std::uint32_t, kBufferedFlash + 1> plain_loads_{}, fills_{};
  const std::uint32_t mispredicted_, indirect_unknown_, direct_unknown_;

  Spending spent_;
  Address pc_ = 0, next_pc_ = 0;  ///< Of what was issued last, and behind it.
  bool indirect_ = false;
  Address target_ = 0;
  unsigned division_ = 1;

  std::uint32_t line_ = kNoLine;  ///< That is being executed.
  std::uint64_t taken_ = kAll;    ///< What an instruction cannot need to join the one before in its cycle.
  Cycles issued_at_ = 0;          ///< When an instruction was issued last.
  /// Resources that are not ready in the first and in the second cycle behind that.
  std::array<std::uint64_t, kLongestLatency - 1> late_{};
  std::array<StallCause, 64> waits_{};  ///< Of who waits for them.

  TwoWayTags code_tags_, data_tags_;
  std::uint32_t contents_ = 1;
  std::uint32_t code_buffer_ = kNoLine, data_buffer_ = kNoLine;  ///< Lines of the flash's ports.
  std::vector<BranchEntry> branches_;
  std::uint32_t branch_mask_;
  Fetches fetches_;
  bool repeatable_ = false, rehearses_ = false;

  CacheCounters code_use_, data_use_;
};

}  // namespace mcusim::emulator
