#pragma once

#include "emulator/e200/core.h"

namespace mcusim::emulator::e200 {

/// Loop `off`: one cycle per instruction, nothing is recorded per instruction.
struct UncountedTiming {
  void issue(Operation&, Cycles& cycles) { ++cycles; }
  void branch(Operation&, bool, Address, Cycles&) {}
  void load(Operation&, Address, unsigned, Cycles&) {}
  void store(Operation&, Address, unsigned, Cycles&) {}
  void charge(Operation&, Cycles) {}
};

/// Loop `table`: executions of each instruction and the cycles of its class.
struct CountedTiming {
  const ClassCosts& costs;

  void issue(Operation& op, Cycles& cycles) {
    ++op.count;
    cycles += op.cost;
  }
  void branch(Operation& op, bool taken, Address, Cycles& cycles) {
    if (!taken || op.instruction_class != InstructionClass::branch_conditional) return;
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

}  // namespace mcusim::emulator::e200
