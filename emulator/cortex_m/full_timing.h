#pragma once

#include "emulator/cortex_m/core.h"
#include "emulator/timing/pipeline_m4.h"

namespace mcusim::emulator::cortex_m {

/// Loop `full`: what the pipeline and the memories of the part make of each instruction. See run_loop().
class FullTiming {
 public:
  FullTiming(const Core& core, PipelineM4& pipeline) : core_(core), pipeline_(pipeline) {}

  void issue(Operation& op, Code code, Cycles& cycles);
  void skipped(Operation& op, Cycles& cycles);
  void taken(Operation&, Cycles&) { pipeline_.taken(); }
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
  void access(Operation& op, Address address, unsigned width, bool is_store, Cycles& cycles);

  const Core& core_;
  PipelineM4& pipeline_;
};

void run_full(Core& core, PipelineM4& pipeline);

}  // namespace mcusim::emulator::cortex_m
