#pragma once

#include <vector>

#include "emulator/timing/buffered_flash.h"
#include "emulator/timing/class_costs.h"
#include "emulator/timing/instruction_facts.h"
#include "emulator/timing/stall_cause.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The pipeline of Cortex-M0 and M0+: no instruction depends on another one in time, so that each takes the
/// cycles of the core's table and waits for its memories. docs/cycle-models.md explains the rules,
/// CoreModel::pipeline_m0 holds the numbers and their sources.
///
/// The caller announces each instruction in the order of execution, then its data accesses, and takes the
/// cycle counter from the answers. Time that passes between two calls is booked as exceptions.
class PipelineM0 {
 public:
  /// What the rules ask of an instruction.
  struct Facts {
    std::uint16_t last_byte = 0;  ///< From its address to its last half-word.
    std::uint8_t cycles = 0;      ///< With the refill behind a branch that is always taken; 0: not prepared.
    StallCause further = StallCause::system;  ///< Of the cycles after the first.
  };
  Facts prepare(const InstructionFacts& instruction) const;

  /// Throws InputError when `mcu` has no pipeline of this kind or no flash interface that is modelled.
  PipelineM0(const mcu_models::McuModel& mcu, BufferedFlash::ReadRegister read_register);

  void reset();

  /// The same as issue() in the line that is in use; does nothing and answers false elsewhere.
  [[gnu::always_inline]] bool issue_quickly(const Facts& facts, Address pc, Cycles& cycles) {
    if (flash_.line_of(pc + facts.last_byte) != line_ || facts.cycles == 0) return false;
    ++issued_;
    if (facts.cycles > 1) stalls_[facts.further] += facts.cycles - 1u;
    cycles += facts.cycles;
    return true;
  }
  /// `cycles`: the counter before the instruction. Answers the counter after it.
  Cycles issue(const Facts& facts, Address pc, Cycles cycles) {
    const BufferedFlash::Line line = flash_.line_of(pc + facts.last_byte);
    if (line != line_) cycles = enter(pc, line, cycles);
    issue_quickly(facts, pc, cycles);
    return cycles;
  }
  /// Armv6-M has no IT blocks.
  Cycles skip(const Facts& facts, Address pc, Cycles cycles) { return issue(facts, pc, cycles); }
  void dividing(std::uint32_t, std::uint32_t) {}
  /// The conditional branch that was issued last goes elsewhere. Answers the counter after it.
  Cycles taken(Cycles cycles) {
    stalls_[StallCause::branch] += branch_taken_;
    return cycles + branch_taken_;
  }
  /// A data access of the instruction that was issued last. Answers the counter after it.
  Cycles access(Address address, unsigned /*width*/, bool is_store, Address /*next*/, Cycles cycles) {
    if (address - kSram < kSramSize) return cycles;
    return access_elsewhere(address, is_store, cycles);
  }
  /// Time that passed asleep.
  void sleep(Cycles cycles) { stalls_[StallCause::sleep] += cycles; }

  /// Cycles by cause up to the counter `now`.
  StallCycles stalls(Cycles now) const;
  /// Waits of the exception mechanism beyond zero wait states: of a frame's words, of a vector.
  Cycles frame_wait(Address /*frame*/, unsigned /*words*/, bool /*is_store*/, Cycles /*at*/) const {
    return 0;
  }
  Cycles vector_wait(Address vector, Cycles at) { return in_flash(vector) ? flash_.data(vector, at) : 0; }
  std::vector<CacheUse> caches() const {
    return {{"flash_i", flash_.instruction_lines()}, {"flash_d", flash_.data_lines()}};
  }

 private:
  static constexpr Address kSram = 0x20000000, kSramSize = 0x20000000;  ///< DDI 0419 B3.1.
  static constexpr Address kPrivateBus = 0xe0000000;
  static constexpr Address kIoPort = 0x50000000, kIoPortSize = 0x10000000;

  Cycles enter(Address pc, BufferedFlash::Line line, Cycles cycles);
  Cycles access_elsewhere(Address address, bool is_store, Cycles cycles);
  bool in_flash(Address address) const {
    return address - flash_base_ < flash_size_ || address - flash_alias_ < flash_size_;
  }
  Cycles spend(StallCause cause, Cycles more, Cycles cycles) {
    stalls_[cause] += more;
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
  Cycles issued_ = 0;                                  ///< StallCause::issue.
  StallCycles stalls_;                                 ///< All other causes.
};

}  // namespace mcusim::emulator
