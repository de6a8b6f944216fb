#pragma once

#include <memory>

#include "emulator/cortex_m/core.h"
#include "emulator/cortex_m/exception_timing.h"
#include "emulator/cortex_m/instruction_use.h"
#include "emulator/timing/facts_table.h"
#include "emulator/timing/stall_cause.h"

namespace mcusim::emulator::cortex_m {

/// A pipeline model with the loop that runs it.
class FullModel : public ExceptionMemory {
 public:
  virtual void reset() = 0;
  virtual void run(Core& core) = 0;
  /// Cycles by cause up to the counter `now`.
  virtual StallCycles stalls(Cycles now) const = 0;
  virtual std::vector<CacheUse> caches() const = 0;
};

/// Throws InputError when there is no pipeline model for the core of `mcu` or for its memories.
std::unique_ptr<FullModel> make_full_model(const mcu_models::McuModel& mcu, Bus& bus, Core& core);

/// Loop `full`: what the pipeline and the memories of the part make of each instruction. See run_loop().
/// A pipeline may keep the cycle counter itself, or take it in taken() and access() as it does in issue().
template <typename Pipeline>
class FullTiming {
 public:
  FullTiming(const Core& core, Pipeline& pipeline, FactsTable<typename Pipeline::Facts>& facts)
      : core_(core), pipeline_(pipeline), facts_(facts) {}

  [[gnu::always_inline]] void issue(Operation& op, Code code, Cycles& cycles) {
    // What most instructions need is little enough to stand in every handler.
    if constexpr (requires { pipeline_.issue_quickly(facts_[0], op.pc, cycles); }) {
      const Cycles before = cycles;
      if (pipeline_.issue_quickly(facts_[op.facts], op.pc, cycles)) [[likely]] {
        ++op.count;
        if (const Cycles more = cycles - before - op.cost; more != 0) op.cycles += more;
        return;
      }
    }
    issue_fully(op, code, cycles);
  }
  void skipped(Operation& op, Cycles& cycles) {
    if (op.facts == 0) [[unlikely]]
      prepare(op, op.inner);
    const Cycles before = cycles;
    cycles = pipeline_.skip(facts_[op.facts], op.pc, cycles);
    op.cycles += cycles - before;
  }
  void taken(Operation& op, Cycles& cycles) {
    if constexpr (requires { pipeline_.taken(cycles); }) {
      const Cycles before = cycles;
      cycles = pipeline_.taken(cycles);
      op.cycles += cycles - before;
    } else {
      pipeline_.taken();
    }
  }
  void load(Operation& op, Address address, unsigned width, Cycles& cycles) {
    access(op, address, width, false, cycles);
  }
  void store(Operation& op, Address address, unsigned width, Cycles& cycles) {
    access(op, address, width, true, cycles);
  }
  void charge(Operation& op, Cycles cycles) {
    op.cycles += cycles;
    pipeline_.sleep(cycles);
  }

 private:
  static std::uint32_t magnitude(std::uint32_t value) {
    return static_cast<std::int32_t>(value) < 0 ? 0u - value : value;
  }
  [[gnu::noinline]] void issue_fully(Operation& op, Code code, Cycles& cycles) {
    if (op.facts == 0) [[unlikely]]
      prepare(op, code);
    if (code == Code::sdiv_ || code == Code::udiv_) {
      const CpuState& s = core_.state;
      const bool is_signed = code == Code::sdiv_;
      pipeline_.dividing(is_signed ? magnitude(s.r[op.n]) : s.r[op.n],
                         is_signed ? magnitude(s.r[op.m]) : s.r[op.m]);
    }
    const Cycles before = cycles;
    cycles = pipeline_.issue(facts_[op.facts], op.pc, cycles);
    ++op.count;
    op.cycles += cycles - before - op.cost;
  }
  [[gnu::noinline]] void prepare(Operation& op, Code code) {
    op.facts = facts_.number_of(
        pipeline_.prepare(facts_of(op, code, core_.costs().without_refill(op), core_.costs().items(op))));
  }
  void access(Operation& op, Address address, unsigned width, bool is_store, Cycles& cycles) {
    const Cycles before = cycles;
    if constexpr (requires { pipeline_.access(address, width, is_store, op.pc, cycles); })
      cycles = pipeline_.access(address, width, is_store, op.pc + 2u * op.slots, cycles);
    else
      cycles = pipeline_.access(address, width, is_store);
    if (cycles != before) op.cycles += cycles - before;
  }

  const Core& core_;
  Pipeline& pipeline_;
  FactsTable<typename Pipeline::Facts>& facts_;
};

/// A FullModel of a pipeline; run() is in the source file that instantiates the loop for it.
template <typename Pipeline>
class FullModelOf : public FullModel {
 public:
  template <typename... Arguments>
  explicit FullModelOf(Arguments&&... arguments) : pipeline_(std::forward<Arguments>(arguments)...) {}
  void reset() override { pipeline_.reset(); }
  void run(Core& core) override;
  StallCycles stalls(Cycles now) const override { return pipeline_.stalls(now); }
  std::vector<CacheUse> caches() const override { return pipeline_.caches(); }
  Cycles frame_wait(Address frame, unsigned words, bool is_store, Cycles at) override {
    return pipeline_.frame_wait(frame, words, is_store, at);
  }
  Cycles vector_wait(Address vector, Cycles at) override { return pipeline_.vector_wait(vector, at); }

 private:
  Pipeline pipeline_;
  FactsTable<typename Pipeline::Facts> facts_;
};

}  // namespace mcusim::emulator::cortex_m
