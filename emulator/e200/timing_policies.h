#pragma once

#include "emulator/e200/core.h"

namespace mcusim::emulator::e200 {

/// Loop `off`: one cycle per instruction, nothing is recorded per instruction.
struct UncountedTiming {
  Cycles issue(Operation&, Code, Cycles cycles) { return cycles + 1; }
  Cycles branch(Operation&, bool, Address, Cycles cycles) { return cycles; }
  Cycles load(Operation&, Address, unsigned, Cycles cycles) { return cycles; }
  Cycles store(Operation&, Address, unsigned, Cycles cycles) { return cycles; }
  void charge(Operation&, Cycles) {}
};

/// Loop `table`: executions of each instruction and the cycles of its class.
struct CountedTiming {
  const ClassCosts& costs;

  Cycles issue(Operation& op, Code, Cycles cycles) {
    ++op.count;
    return cycles + op.cost;
  }
  Cycles branch(Operation& op, bool taken, Address, Cycles cycles) {
    if (!taken || op.instruction_class != InstructionClass::branch_conditional) return cycles;
    const unsigned more = costs.taken(op.instruction_class);
    op.cycles += more;
    return cycles + more;
  }
  Cycles load(Operation&, Address, unsigned, Cycles cycles) { return cycles; }
  Cycles store(Operation&, Address, unsigned, Cycles cycles) { return cycles; }
  void charge(Operation& op, Cycles cycles) { op.cycles += cycles; }
};

void run_uncounted(Core& core);
void run_counted(Core& core);

}  // namespace mcusim::emulator::e200
