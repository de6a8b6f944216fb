#pragma once

#include <array>
#include <memory>
#include <vector>

#include "common/units.h"
#include "emulator/timing/flash_accelerator.h"
#include "emulator/timing/instruction_facts.h"
#include "emulator/timing/pipeline_memo.h"
#include "emulator/timing/stall_cause.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The three-stage pipeline of Cortex-M3 and M4 with its memories: a fetch queue that runs ahead of decoding,
/// one instruction at a time, loads that overlap with the next load. docs/cycle-models.md explains the rules,
/// CoreModel::pipeline holds the numbers and their sources.
///
/// The caller announces each instruction in the order of execution, then its data accesses, and takes the
/// cycle counter from the answers. Time that passes between two calls is booked as exceptions.
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
  Facts prepare(const InstructionFacts& instruction);

  /// Throws InputError when `mcu` has no pipeline of this kind or no flash interface that is modelled.
  PipelineM4(const mcu_models::McuModel& mcu, FlashAccelerator::ReadRegister read_register);

  void reset();
  /// `cycles`: the counter before the instruction. Answers the counter after it.
  Cycles issue(const Facts& facts, Address pc, Cycles cycles) {
    if (state_ != Memo::kUnknown && cycles == now_) [[likely]] {
      const std::uint64_t key = Memo::key(state_, pc, pc != next_pc_);
      if (Memo::Step* const step = memo_.find(key); step != nullptr && enter_lines(*step)) [[likely]] {
        ++step->uses;
        now_ += step->cycles;
        state_ = step->next;
        next_pc_ = pc + 2 * facts.slots;
        behind_ = next_pc_;
        return now_;
      }
    }
    return work_out(facts, pc, cycles);
  }
  /// An instruction that its IT block suppresses.
  Cycles skip(const Facts& facts, Address pc, Cycles cycles);
  /// The instruction that is issued next divides; operands as magnitudes.
  void dividing(std::uint32_t dividend, std::uint32_t divisor) {
    recall();
    division_ = divide_cycles(dividend, divisor);
  }
  /// The branch that was issued last goes elsewhere, even if that is the next instruction.
  void taken() { next_pc_ = kNowhere; }
  /// A data access of the instruction that was issued last. Answers the counter after it.
  Cycles access(Address address, unsigned width, bool is_store) {
    if (state_ != Memo::kUnknown) [[likely]] {
      const State& state = memo_.state(state_);
      const std::uint8_t region = regions_[address >> kPageBits];
      if (region == state.region && region >= in_first_ram && (address & 3) + width <= 4 &&
          state.code_on_system_bus == 0) [[likely]]
        return now_;
      return access_otherwise(state, region, address, width, is_store);
    }
    return work_out_access(address, width, is_store);
  }
  /// Off: everything is worked out anew, which takes longer and has the same results.
  void remember(bool on) { recall(), remembers_ = on; }
  /// Instructions that were not worked out anew.
  std::uint64_t remembered() const { return memo_.uses(); }
  /// Time that passed asleep.
  void sleep(Cycles cycles);

  /// Cycles by cause up to the counter `now`.
  StallCycles stalls(Cycles now) const;
  /// Waits of the exception mechanism beyond zero wait states: of a frame's words, of a vector.
  Cycles frame_wait(Address frame, unsigned words, bool is_store, Cycles at);
  Cycles vector_wait(Address vector, Cycles at);
  std::vector<CacheUse> caches() const {
    return {{"flash_i", flash_->instruction_lines()}, {"flash_d", flash_->data_lines()}};
  }

 private:
  /// A word in the fetch queue, indexed by its number modulo 4.
  struct FetchedWord {
    Cycles start = 0;      ///< Cycle of its address phase.
    Cycles decodable = 0;  ///< First cycle in which it can be decoded.
    Cycles flash_wait = 0;
  };
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
  };
  using Memo = PipelineMemo<State>;
  static constexpr unsigned kNow = 64;
  static constexpr unsigned kPageBits = 12;
  static constexpr Address kNowhere = 1;
  /// From the address phase of a fetch to execution: data phase, decode, execute.
  static constexpr Cycles kFetchToExecute = 3;
  static constexpr Address kSystemBus = 0x20000000;  ///< DDI 0403E B3.1; code below it has buses of its own.
  enum Region : std::uint8_t { in_device = 0, in_flash = 1, in_first_ram = 2 };

  /// Quotient's bits decide how long a division takes.
  unsigned divide_cycles(std::uint32_t dividend, std::uint32_t divisor) const;
  Cycles work_out(const Facts& facts, Address pc, Cycles cycles);
  Cycles work_out_access(Address address, unsigned width, bool is_store);
  Cycles access_otherwise(const State& state, std::uint8_t region, Address address, unsigned width,
                          bool is_store);
  Cycles execute(const Facts& facts, Address pc, Cycles cycles);
  Cycles execute_access(Address address, unsigned width, bool is_store);
  bool enter_lines(const Memo::Step& step) {
    if (step.lines == 0) [[likely]]
      return true;
    return flash_->enter_held(step.line[0]) && (step.lines == 1 || flash_->enter_held(step.line[1]));
  }
  /// The state's number, or kUnknown when it has none.
  std::uint32_t number_of_state();
  /// Takes the state from its number, so that it can be worked on.
  void recall();
  void map(Address base, Bytes size, std::uint8_t region);
  Address flash_offset(Address address) const {
    return address - (address - flash_base_ < flash_size_ ? flash_base_ : flash_alias_);
  }
  void redirect(Address pc, Cycles at);
  void fetch_word(Cycles at);
  void enter(std::uint32_t line, Cycles wait) {
    waited_for_line_ |= wait != 0;
    if (entered_count_ != 0 && entered_[(entered_count_ - 1) & 1] == line) return;
    entered_[entered_count_ & 1] = line;
    ++entered_count_;
  }
  /// A word's last half-word is decoded in cycle `decode`: its place takes the next word.
  void refill_queue(Cycles decode);
  FetchedWord& word(Address number) { return queue_[number & 3]; }

  Memo memo_;
  std::uint32_t state_ = Memo::kUnknown;  ///< If known, it holds what the members below do not.
  bool remembers_ = true;
  Address behind_ = 0;  ///< The next instruction in sequence.
  /// Lines that the instruction being worked out fetched from.
  std::array<std::uint32_t, 2> entered_{};
  unsigned entered_count_ = 0;
  bool waited_for_line_ = false;

  const mcu_models::PipelineParameters parameters_;
  std::unique_ptr<FlashAccelerator> flash_;
  Address flash_base_ = 0, flash_alias_ = 0;
  Bytes flash_size_ = 0;
  std::vector<std::uint8_t> regions_;  ///< By 4 KiB page.

  StallCycles stalls_;
  Cycles now_ = 0;                  ///< End of what was announced last.
  bool registers_written_ = false;  ///< The flash interface may have been programmed.

  // Fetch
  Address next_pc_ = kNowhere;
  Address next_word_ = 0;
  Cycles bus_free_ = 0;   ///< First cycle for the next address phase.
  bool streams_ = false;  ///< The last fetch followed another without a pause.
  bool code_in_flash_ = false, code_on_system_bus_ = false;
  std::array<FetchedWord, 4> queue_{};

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
