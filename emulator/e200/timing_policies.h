#pragma once

#include "emulator/e200/core.h"
#include "emulator/timing/moment.h"

namespace mcusim::emulator::e200 {

/// What a loop needs not do whose times do not depend on addresses.
struct AddressFreeTiming {
  Cycles jump(Operation&, Address, Moment now) { return now.cycles; }
  Cycles load(Operation&, Address, Moment now) { return now.cycles; }
  Cycles store(Operation&, Address, Moment now) { return now.cycles; }
  Cycles decided(Cycles cycles) { return cycles; }
  Cycles settle(Moment now) { return now.cycles; }
  void control_changes() {}
};

/// Loop `off`: one cycle per instruction, nothing is recorded per instruction.
struct UncountedTiming : AddressFreeTiming {
  Cycles issue(Operation&, Code, Moment now) { return now.cycles + 1; }
  Cycles branch(Operation&, bool, Address, Moment now) { return now.cycles; }
  void charge(Operation&, Cycles) {}
};

/// Loop `table`: executions of each instruction and the cycles of its class.
struct CountedTiming : AddressFreeTiming {
  explicit CountedTiming(const ClassCosts& table) : costs(table) {}

  Cycles issue(Operation& op, Code, Moment now) {
    ++op.count;
    return now.cycles + op.cost;
  }
  Cycles branch(Operation& op, bool taken, Address, Moment now) {
    if (!taken || op.instruction_class != InstructionClass::branch_conditional) return now.cycles;
    const unsigned more = costs.taken(op.instruction_class);
    op.cycles += more;
    return now.cycles + more;
  }
  void charge(Operation& op, Cycles cycles) { op.cycles += cycles; }

  const ClassCosts& costs;
};

void run_uncounted(Core& core);
void run_counted(Core& core);

}  // namespace mcusim::emulator::e200
