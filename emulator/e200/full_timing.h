#pragma once

#include <array>
#include <bit>
#include <map>
#include <vector>

#include "emulator/e200/core.h"
#include "emulator/timing/pipeline_e200.h"

namespace mcusim::emulator::e200 {

/// The pipeline model with what it keeps of the instructions.
struct FullModel {
  FullModel(const mcu_models::McuModel& mcu, const mcu_models::PipelineE200Parameters& numbers, Bus& bus,
            Core& core);

  void reset() { pipeline.reset(); }
  void run(Core& core);
  /// Sets `facts` of the operation, from its encoding. Its cycles are counted as they pass from now on, not
  /// by its class.
  void prepare(Operation& op, Core& core);

  PipelineE200 pipeline;
  /// By Operation::facts. Equal facts share a number, so that the table stays small whatever code does to
  /// itself.
  std::vector<PipelineE200::Facts> facts = std::vector<PipelineE200::Facts>(1);
  const mcu_models::PipelineE200Parameters parameters;

 private:
  using Key = std::array<std::uint64_t, sizeof(PipelineE200::Facts) / sizeof(std::uint64_t)>;
  std::map<Key, std::uint32_t> numbers_;
};

/// Loop `full`: what the pipeline and the memories make of each instruction. See run_loop().
class FullTiming {
 public:
  FullTiming(FullModel& model, Core& core) : model_(model), core_(core), facts_(model.facts.data()) {}

  [[gnu::always_inline]] Cycles issue(Operation& op, Code code, Cycles before) {
    if (op.facts == 0) [[unlikely]]
      prepare(op);
    Cycles cycles = model_.pipeline.issue(facts_[op.facts], op.pc, before);
    if (code >= Code::divw_ && code <= Code::divwu_o_rc_) cycles = divide(op, cycles);
    ++op.count;
    charged(op, before, cycles);
    if (code == Code::mtspr_) model_.pipeline.control_changed();
    return cycles;
  }
  [[gnu::always_inline]] Cycles branch(Operation& op, bool taken, Address target, Cycles before) {
    return charged(op, before,
                   model_.pipeline.branch(op.pc, taken, target,
                                          op.instruction_class == InstructionClass::branch_register, before));
  }
  [[gnu::always_inline]] Cycles load(Operation& op, Address address, unsigned, Cycles before) {
    return charged(op, before, model_.pipeline.access(address, false, before));
  }
  [[gnu::always_inline]] Cycles store(Operation& op, Address address, unsigned, Cycles before) {
    return charged(op, before, model_.pipeline.access(address, true, before));
  }
  void charge(Operation& op, Cycles cycles) {
    op.cycles += cycles;
    model_.pipeline.sleep(cycles);
  }

 private:
  [[gnu::always_inline]] static Cycles charged(Operation& op, Cycles before, Cycles cycles) {
    if (cycles != before) op.cycles += cycles - before;
    return cycles;
  }
  [[gnu::noinline]] void prepare(Operation& op) {
    model_.prepare(op, core_);
    facts_ = model_.facts.data();
  }
  [[gnu::noinline]] Cycles divide(const Operation& op, Cycles cycles) {
    const bool is_signed = op.code >= Code::divw_ && op.code <= Code::divw_o_rc_;
    const auto magnitude = [is_signed](std::uint32_t x) {
      return is_signed && static_cast<std::int32_t>(x) < 0 ? 0u - x : x;
    };
    const std::uint32_t divisor = magnitude(core_.state.r[op.b]);
    const std::uint32_t quotient = divisor == 0 ? 0 : magnitude(core_.state.r[op.a]) / divisor;
    return model_.pipeline.dividing(static_cast<unsigned>(std::bit_width(quotient)), cycles);
  }

  FullModel& model_;
  Core& core_;
  const PipelineE200::Facts* facts_;
};

}  // namespace mcusim::emulator::e200
