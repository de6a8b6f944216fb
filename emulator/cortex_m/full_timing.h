#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "emulator/cortex_m/core.h"
#include "emulator/cortex_m/exception_timing.h"
#include "emulator/cortex_m/instruction_use.h"
#include "emulator/timing/cache_watch.h"
#include "emulator/timing/moment.h"
#include "emulator/timing/replay.h"
#include "emulator/timing/stall_cause.h"

namespace mcusim::emulator::cortex_m {

/// A pipeline model with the loop that runs it.
class FullModel : public ExceptionMemory {
 public:
  virtual void reset() = 0;
  /// Off: every step is worked out anew, which has the same results.
  virtual void remember(bool on) = 0;
  virtual void run(Core& core) = 0;
  /// Cycles by cause up to the counter `now`.
  virtual StallCycles stalls(Cycles now) = 0;
  /// Of every instruction since reset, in order of addresses.
  virtual std::vector<InstructionCount> counts() = 0;
  virtual BeyondOneCycle beyond_one_cycle() = 0;
  virtual std::vector<CacheUse> caches() const = 0;
  /// In the order of caches(); see WatchedCaches.
  virtual std::vector<CacheWatch*> watch_caches(const CacheWatch::OwnerOf& owner_of) = 0;
  virtual void follow_bookings(std::vector<Spending::Part>* parts) = 0;
};

/// Throws InputError when there is no pipeline model for the core of `mcu` or for its memories.
std::unique_ptr<FullModel> make_full_model(const mcu_models::McuModel& mcu, Bus& bus, Core& core);

/// Loop `full`: what the pipeline and the memories of the part make of each instruction. See run_loop().
template <typename Pipeline>
class FullTiming {
 public:
  FullTiming(const Core& core, Replay<Pipeline>& replay) : core_(core), replay_(replay) {}

  [[gnu::always_inline]] Cycles issue(Operation& op, Code code, Moment now) {
    if constexpr (Pipeline::kDividesByOperands) {
      if (code == Code::sdiv_ || code == Code::udiv_) now.cycles = divide(op, code, now);
    }
    if (replay_.replaying()) [[likely]]
      return now.cycles;
    return issue_first(op, code, now.cycles);
  }
  Cycles condition(Operation& op, bool passed, Moment now) {
    // What was remembered of other code at this address must be gone before anything is decided.
    if (op.facts == 0) [[unlikely]]
      prepare(op, op.inner);
    return replay_.condition(passed, op.pc, now);
  }
  Cycles skipped(Operation& op, Moment now) {
    if (replay_.replaying()) [[likely]]
      return now.cycles;
    return replay_.issue(op.facts, true, now.cycles);
  }
  Cycles choose(Operation& op, bool passed, Moment now) {
    now.cycles = condition(op, passed, now);
    if (replay_.replaying()) [[likely]]
      return now.cycles;
    return passed ? issue_first(op, op.inner, now.cycles) : skipped(op, now);
  }
  [[gnu::always_inline]] Cycles load(Operation& op, Address address, unsigned width, Moment now) {
    return access<false>(op, address, width, now);
  }
  [[gnu::always_inline]] Cycles store(Operation& op, Address address, unsigned width, Moment now) {
    return access<true>(op, address, width, now);
  }
  [[gnu::always_inline]] Cycles branch(Operation& op, bool taken, Address target, Moment now) {
    return taken ? replay_.template branch<true>(op.facts, target, now.cycles, now.deadline, now.executed)
                 : replay_.template branch<false>(op.facts, target, now.cycles, now.deadline, now.executed);
  }
  [[gnu::always_inline]] Cycles direct(Operation& op, Address target, Moment now) {
    if constexpr (Pipeline::kPredictsBranches)
      return branch(op, target != op.pc + 2u * op.slots, target, now);
    return now.cycles;
  }
  /// A decision for every pipeline, so that the counter is exact there.
  [[gnu::always_inline]] Cycles call(Operation& op, Address target, Moment now) {
    return Pipeline::kPredictsBranches ? direct(op, target, now) : jump(op, target, now);
  }
  [[gnu::always_inline]] Cycles jump(Operation& op, Address target, Moment now) {
    return replay_.jump(op.facts, target, now);
  }
  Cycles decided(Cycles cycles) { return replay_.decided(cycles); }
  Cycles settle(Moment now) { return replay_.settle(now); }
  void charge(Operation& op, Cycles cycles) { replay_.sleep(op.facts, cycles); }

 private:
  template <bool kIsStore>
  [[gnu::always_inline]] Cycles access(Operation& op, Address address, unsigned width, Moment now) {
    switch (width) {
      case 1:
        return replay_.template access<1, kIsStore>(op.facts, address, now.cycles, now.deadline,
                                                    now.executed);
      case 2:
        return replay_.template access<2, kIsStore>(op.facts, address, now.cycles, now.deadline,
                                                    now.executed);
      default:
        return replay_.template access<4, kIsStore>(op.facts, address, now.cycles, now.deadline,
                                                    now.executed);
    }
  }
  static std::uint32_t magnitude(std::uint32_t value) {
    return static_cast<std::int32_t>(value) < 0 ? 0u - value : value;
  }
  Cycles divide(Operation& op, Code code, Moment now) {
    if (op.facts == 0) [[unlikely]]
      prepare(op, code);
    const CpuState& s = core_.state;
    const bool is_signed = code == Code::sdiv_;
    const unsigned cycles = replay_.pipeline().divide_cycles(is_signed ? magnitude(s.r[op.n]) : s.r[op.n],
                                                             is_signed ? magnitude(s.r[op.m]) : s.r[op.m]);
    --now.executed;  // Before this one.
    return replay_.division(cycles, op.pc, now);
  }
  [[gnu::noinline]] Cycles issue_first(Operation& op, Code code, Cycles cycles) {
    if (op.facts == 0) [[unlikely]]
      prepare(op, code);
    // Whether it stores is known to nobody beforehand.
    if (code == Code::strex_ || code == Code::strexb_ || code == Code::strexh_) replay_.break_off();
    return replay_.issue(op.facts, false, cycles);
  }
  [[gnu::noinline]] void prepare(Operation& op, Code code) {
    const InstructionFacts facts =
        facts_of(op, code, core_.costs().without_refill(op), core_.costs().items(op));
    op.facts = replay_.enlist(op.pc, replay_.pipeline().prepare(facts), op.instruction_class);
  }

  const Core& core_;
  Replay<Pipeline>& replay_;
};

/// A FullModel of a pipeline; run() is in the source file that instantiates the loop for it.
template <typename Pipeline>
class FullModelOf : public FullModel {
 public:
  template <typename... Arguments>
  explicit FullModelOf(Arguments&&... arguments) : replay_(std::forward<Arguments>(arguments)...) {}
  void reset() override { replay_.reset(); }
  void remember(bool on) override { replay_.remember(on); }
  void run(Core& core) override;
  StallCycles stalls(Cycles now) override { return replay_.stalls(now); }
  std::vector<InstructionCount> counts() override {
    std::vector<InstructionCount> counts;
    for (const auto& record : replay_.records()) {
      const Cycles cycles = record.causes.sum();
      if (record.count != 0 || cycles != 0)
        counts.push_back({record.pc, record.count, cycles, record.causes});
    }
    std::ranges::sort(counts, {}, &InstructionCount::address);
    return counts;
  }
  BeyondOneCycle beyond_one_cycle() override { return replay_.beyond_one_cycle(); }
  std::vector<CacheUse> caches() const override { return replay_.pipeline().caches(); }
  std::vector<CacheWatch*> watch_caches(const CacheWatch::OwnerOf& owner_of) override {
    replay_.follow_accesses(owner_of != nullptr);
    return replay_.pipeline().watch_caches(owner_of, [this] { return replay_.accessing(); });
  }
  void follow_bookings(std::vector<Spending::Part>* parts) override { replay_.follow_bookings(parts); }
  Cycles frame_wait(Address frame, unsigned words, bool is_store, Cycles at) override {
    return replay_.pipeline().frame_wait(frame, words, is_store, at);
  }
  Cycles vector_wait(Address vector, Cycles at) override {
    return replay_.pipeline().vector_wait(vector, at);
  }

 private:
  Replay<Pipeline> replay_;
};

}  // namespace mcusim::emulator::cortex_m
