#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "common/units.h"
#include "emulator/timing/instruction_facts.h"
#include "emulator/timing/m7/branch_predictor.h"
#include "emulator/timing/m7/memory_m7.h"
#include "emulator/timing/stall_cause.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The dual-issue pipeline of Cortex-M7 with its memories: a scoreboard that says when each register can be
/// read, pairs of instructions that may issue together, a fetch queue behind a branch predictor.
/// docs/cycle-models.md explains the rules, CoreModel::pipeline_m7 holds the numbers and their sources.
///
/// The caller announces each instruction in the order of execution, then its data accesses, and takes the
/// cycle counter from the answers. Time that passes between two calls is booked as exceptions.
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
  void dividing(std::uint32_t, std::uint32_t) {}
  /// The branch that was issued last goes elsewhere, even if that is the next instruction.
  void taken() { taken_ = true; }
  /// A data access of the instruction that was issued last. Answers the counter after it.
  Cycles access(Address address, unsigned width, bool is_store);
  /// Time that passed asleep.
  void sleep(Cycles cycles) {
    stalls_[StallCause::sleep] += cycles;
    now_ += cycles;
  }

  /// Cycles by cause up to the counter `now`.
  StallCycles stalls(Cycles now) const;
  /// Waits of the exception mechanism beyond zero wait states: of a frame's words, of a vector.
  Cycles frame_wait(Address frame, unsigned words, bool is_store, Cycles at);
  Cycles vector_wait(Address vector, Cycles at) { return memory_.load(vector, at); }
  std::vector<CacheUse> caches() const { return memory_.caches(); }

 private:
  template <bool kSuppressed>
  Cycles issue_as(const Facts& facts, Address pc, Cycles cycles);
  void resume(Cycles cycles);
  void follow(Address pc);
  void settle_missing_short();
  void start_fetching(Address pc, Cycles at, StallCause cause);
  void fetch_next(Cycles at, StallCause cause);
  void complete(const Facts& facts, Cycles at);
  void stall(StallCause cause, Cycles cycles) {
    stalls_[cause] += cycles;
    now_ += cycles;
  }
  Cycles ready_for(unsigned source) const {
    const Ready& ready = ready_[source & 63];
    return ready.late + static_cast<Cycles>(ready.more[source >> 6]);
  }

  const mcu_models::PipelineM7Parameters parameters_;
  MemoryM7 memory_;
  BranchPredictor predictor_;
  const std::array<std::int8_t, 4> early_results_;  ///< Ready::more of what the early ALU delivers.

  StallCycles stalls_;
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

  // The instruction that was issued last
  const Facts* last_ = nullptr;
  Cycles last_issue_ = 0;
  bool last_is_younger_ = false;
  Branch branch_ = Branch::none;
  Address branch_pc_ = 0;
  Cycles branch_issue_ = 0;
  bool branch_backward_ = false, taken_ = false;
  Address last_address_ = 0;

  // The group that may still take a younger instruction
  bool open_ = false;
  std::uint16_t blocks_ = 0, older_properties_ = 0;
  bool older_waited_ = false;
  unsigned older_bank_ = 2;  ///< Word bank of the older load; 2: it is none.

  std::array<Ready, 64> ready_{};  ///< By register.
  Cycles flags_set_ = 0;
  Cycles fp_mac_window_ = 0;  ///< End of the cycles behind a fused multiply-add.
};

}  // namespace mcusim::emulator
