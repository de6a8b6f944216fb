#pragma once

#include "emulator/cortex_m/core.h"

namespace mcusim::emulator::cortex_m {

/// Loop `off`: one cycle per instruction, nothing is recorded per instruction.
struct UncountedTiming {
  void issue(Operation&, Code, Cycles& cycles) { ++cycles; }
  void skipped(Operation&, Cycles& cycles) { ++cycles; }
  void taken(Operation&, Cycles&) {}
  void load(Operation&, Address, unsigned, Cycles&) {}
  void store(Operation&, Address, unsigned, Cycles&) {}
  void charge(Operation&, Cycles) {}
};

/// Loop `count`: executions of each instruction and the cycles of its class. Suppressed instructions cost
/// one.
struct CountedTiming {
  const CostTable& costs;

  void issue(Operation& op, Code, Cycles& cycles) {
    ++op.count;
    cycles += op.cost;
  }
  void skipped(Operation& op, Cycles& cycles) {
    ++op.cycles;
    ++cycles;
  }
  void taken(Operation& op, Cycles& cycles) {
    const unsigned more = costs.taken(op.instruction_class);
    op.cycles += more;
    cycles += more;
  }
  void load(Operation&, Address, unsigned, Cycles&) {}
  void store(Operation&, Address, unsigned, Cycles&) {}
  void charge(Operation& op, Cycles cycles) { op.cycles += cycles; }
};

void run_uncounted(Core& core);
void run_counted(Core& core);

}  // namespace mcusim::emulator::cortex_m
