#pragma once

#include <bit>
#include <vector>

#include "emulator/e200/core.h"
#include "emulator/instruction_count.h"
#include "emulator/timing/pipeline_e200.h"
#include "emulator/timing/replay.h"

namespace mcusim::emulator::e200 {

/// The pipeline model with what it keeps of the instructions.
struct FullModel {
  FullModel(const mcu_models::McuModel& mcu, const mcu_models::PipelineE200Parameters& numbers, Bus& bus,
            Core& core);

  void run(Core& core);
  /// Sets `facts` of the operation, from its encoding.
  void prepare(Operation& op, Core& core);
  /// Of every instruction since reset, in order of addresses.
  std::vector<InstructionCount> counts();
  std::vector<CacheWatch*> watch_caches(const CacheWatch::OwnerOf& owner_of) {
    replay.follow_accesses(owner_of != nullptr);
    return replay.pipeline().watch_caches(owner_of, [this] { return replay.accessing(); });
  }

  Replay<PipelineE200> replay;
  const mcu_models::PipelineE200Parameters parameters;
};

/// Loop `full`: what the pipeline and the memories make of each instruction. See run_loop().
class FullTiming {
 public:
  FullTiming(FullModel& model, Core& core) : model_(model), replay_(model.replay), core_(core) {}

  [[gnu::always_inline]] Cycles issue(Operation& op, Code code, Moment now) {
    if (code >= Code::divw_ && code <= Code::divwu_o_rc_) now.cycles = divide(op, now);
    if (replay_.replaying()) [[likely]]
      return now.cycles;
    return issue_first(op, now.cycles);
  }
  [[gnu::always_inline]] Cycles branch(Operation& op, bool taken, Address target, Moment now) {
    replay_.pipeline().head_for(target);
    return taken ? replay_.branch<true>(op.facts, target, now.cycles, now.deadline, now.executed)
                 : replay_.branch<false>(op.facts, op.pc + 2u * op.slots, now.cycles, now.deadline,
                                         now.executed);
  }
  /// Two decisions: what was predicted, and where the branch goes. No instruction is in between.
  [[gnu::always_inline]] Cycles jump(Operation& op, Address target, Moment now) {
    constexpr Address kNowhere = 1;
    replay_.pipeline().head_for(target);
    now.cycles = replay_.branch<true>(op.facts, op.pc | kNowhere, now.cycles, now.deadline, now.executed);
    return replay_.jump(op.facts, target, now);
  }
  [[gnu::always_inline]] Cycles load(Operation& op, Address address, Moment now) {
    return replay_.access<kAnyWidth, false>(op.facts, address, now.cycles, now.deadline, now.executed);
  }
  [[gnu::always_inline]] Cycles store(Operation& op, Address address, Moment now) {
    return replay_.access<kAnyWidth, true>(op.facts, address, now.cycles, now.deadline, now.executed);
  }
  Cycles decided(Cycles cycles) { return replay_.decided(cycles); }
  Cycles settle(Moment now) { return replay_.settle(now); }
  void control_changes() { replay_.pipeline().control_changed(); }
  void charge(Operation& op, Cycles cycles) { replay_.sleep(op.facts, cycles); }

 private:
  static constexpr unsigned kAnyWidth = 4;  ///< All take the same time.

  [[gnu::noinline]] Cycles issue_first(Operation& op, Cycles cycles) {
    if (op.facts == 0) [[unlikely]]
      model_.prepare(op, core_);
    return replay_.issue(op.facts, false, cycles);
  }
  [[gnu::noinline]] Cycles divide(Operation& op, Moment now) {
    if (op.facts == 0) [[unlikely]]
      model_.prepare(op, core_);
    const bool is_signed = op.code >= Code::divw_ && op.code <= Code::divw_o_rc_;
    const auto magnitude = [is_signed](std::uint32_t x) {
      return is_signed && static_cast<std::int32_t>(x) < 0 ? 0u - x : x;
    };
    const std::uint32_t divisor = magnitude(core_.state.r[op.b]);
    const std::uint32_t quotient = divisor == 0 ? 0 : magnitude(core_.state.r[op.a]) / divisor;
    const unsigned cycles = replay_.pipeline().divide_cycles(static_cast<unsigned>(std::bit_width(quotient)));
    --now.executed;  // Before this one.
    return replay_.division(cycles, op.pc, now);
  }

  FullModel& model_;
  Replay<PipelineE200>& replay_;
  Core& core_;
};

}  // namespace mcusim::emulator::e200
