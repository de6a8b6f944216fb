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
  /// Of the operation, from its encoding.
  std::uint32_t prepare(const Operation& op, Core& core);

  PipelineE200 pipeline;
  /// By Operation::facts. Equal facts share a number, so that the table stays small whatever code does to itself.
  std::vector<PipelineE200::Facts> facts = std::vector<PipelineE200::Facts>(1);
  const mcu_models::PipelineE200Parameters parameters;

 private:
  using Key = std::array<std::uint64_t, sizeof(PipelineE200::Facts) / sizeof(std::uint64_t)>;
  std::map<Key, std::uint32_t> numbers_;
};

/// Loop `full`: what the pipeline and the memories make of each instruction. See run_loop().
class FullTiming {
 public:
  FullTiming(FullModel& model, Core& core) : model_(model), core_(core) {}

  [[gnu::always_inline]] void issue(Operation& op, Cycles& cycles) {
    if (op.facts == 0) [[unlikely]]
      op.facts = model_.prepare(op, core_);
    const Cycles before = cycles;
    model_.pipeline.issue(model_.facts[op.facts], op.pc, cycles);
    if (op.instruction_class == InstructionClass::divide) [[unlikely]]
      divide(op, cycles);
    ++op.count;
    if (const Cycles more = cycles - before - op.cost; more != 0) op.cycles += more;
    if (op.code == Code::mtspr_) [[unlikely]]
      model_.pipeline.control_changed();
  }
  [[gnu::always_inline]] void branch(Operation& op, bool taken, Address target, Cycles& cycles) {
    const Cycles before = cycles;
    model_.pipeline.branch(op.pc, taken, target, op.instruction_class == InstructionClass::branch_register,
                           cycles);
    if (cycles != before) op.cycles += cycles - before;
  }
  [[gnu::always_inline]] void load(Operation& op, Address address, unsigned, Cycles& cycles) {
    access(op, address, false, cycles);
  }
  [[gnu::always_inline]] void store(Operation& op, Address address, unsigned, Cycles& cycles) {
    access(op, address, true, cycles);
  }
  void charge(Operation& op, Cycles cycles) {
    op.cycles += cycles;
    model_.pipeline.sleep(cycles);
  }

 private:
  [[gnu::always_inline]] void access(Operation& op, Address address, bool is_store, Cycles& cycles) {
    const Cycles before = cycles;
    model_.pipeline.access(address, is_store, cycles);
    if (cycles != before) op.cycles += cycles - before;
  }
  [[gnu::noinline]] void divide(const Operation& op, Cycles& cycles) {
    const bool is_signed = op.code >= Code::divw_ && op.code <= Code::divw_o_rc_;
    const auto magnitude = [is_signed](std::uint32_t x) {
      return is_signed && static_cast<std::int32_t>(x) < 0 ? 0u - x : x;
    };
    const std::uint32_t divisor = magnitude(core_.state.r[op.b]);
    const std::uint32_t quotient = divisor == 0 ? 0 : magnitude(core_.state.r[op.a]) / divisor;
    model_.pipeline.dividing(static_cast<unsigned>(std::bit_width(quotient)), cycles);
  }

  FullModel& model_;
  Core& core_;
};

}  // namespace mcusim::emulator::e200
