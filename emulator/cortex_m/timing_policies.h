#pragma once

#include "emulator/cortex_m/core.h"
#include "emulator/timing/moment.h"

namespace mcusim::emulator::cortex_m {

/// What a loop needs not do whose times do not depend on addresses.
struct AddressFreeTiming {
  Cycles condition(Operation&, bool, Moment now) { return now.cycles; }
  Cycles load(Operation&, Address, unsigned, Moment now) { return now.cycles; }
  Cycles store(Operation&, Address, unsigned, Moment now) { return now.cycles; }
  Cycles direct(Operation&, Address, Moment now) { return now.cycles; }
  Cycles call(Operation&, Address, Moment now) { return now.cycles; }
  Cycles jump(Operation&, Address, Moment now) { return now.cycles; }
  Cycles decided(Cycles cycles) { return cycles; }
  Cycles settle(Moment now) { return now.cycles; }
};

/// Loop `off`: one cycle per instruction, nothing is recorded per instruction.
struct UncountedTiming : AddressFreeTiming {
  Cycles issue(Operation&, Code, Moment now) { return now.cycles + 1; }
  Cycles skipped(Operation&, Moment now) { return now.cycles + 1; }
  Cycles choose(Operation&, bool, Moment now) { return now.cycles + 1; }
  Cycles branch(Operation&, bool, Address, Moment now) { return now.cycles; }
  void charge(Operation&, Cycles) {}
};

/// Loop `count`: executions of each instruction and the cycles of its class. Suppressed instructions cost
/// one.
struct CountedTiming : AddressFreeTiming {
  explicit CountedTiming(const CostTable& table) : costs(table) {}

  Cycles issue(Operation& op, Code, Moment now) {
    ++op.count;
    return now.cycles + op.cost;
  }
  Cycles skipped(Operation& op, Moment now) {
    ++op.cycles;
    return now.cycles + 1;
  }
  Cycles choose(Operation& op, bool passed, Moment now) {
    op.count += passed;
    op.cycles += !passed;
    return now.cycles + 1 + ((op.cost - Cycles{1}) & (Cycles{0} - passed));
  }
  Cycles branch(Operation& op, bool taken, Address, Moment now) {
    if (!taken) return now.cycles;
    const unsigned more = costs.taken(op.instruction_class);
    op.cycles += more;
    return now.cycles + more;
  }
  void charge(Operation& op, Cycles cycles) { op.cycles += cycles; }

  const CostTable& costs;
};

void run_uncounted(Core& core);
void run_counted(Core& core);

}  // namespace mcusim::emulator::cortex_m
