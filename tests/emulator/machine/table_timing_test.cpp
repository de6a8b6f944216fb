// Cycles of whole routines against sums by hand: programs/routines.S says beside each instruction what it
// costs in the table of test_mcu.h (Arm Cortex-M4 TRM 100166, table 3-1; refill 2).
#include "tests/emulator/machine/routine_runner.h"

namespace mcusim::emulator {
namespace {

struct Expectation {
  const char* routine;
  Cycles cycles;
  std::uint64_t instructions;
  std::uint64_t skipped;
};

class TableTimingOfRoutines : public RoutineRunner, public ::testing::WithParamInterface<Expectation> {};

TEST_P(TableTimingOfRoutines, IsTheSumOfTheTable) {
  const Expectation& expected = GetParam();
  const Stop stop = run(expected.routine);
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(cycles(), expected.cycles);
  EXPECT_EQ(instructions(), expected.instructions);
  EXPECT_EQ(skipped(), expected.skipped);
}

INSTANTIATE_TEST_SUITE_P(
    Routines, TableTimingOfRoutines,
    ::testing::Values(Expectation{"straight", 21, 7, 0}, Expectation{"multiples", 30, 7, 0},
                      Expectation{"loop", 39, 21, 0}, Expectation{"compare_branch", 6, 4, 0},
                      Expectation{"if_then", 6, 5, 1}, Expectation{"if_then_skipped", 5, 3, 2},
                      Expectation{"calls", 9, 5, 0}, Expectation{"next_branch", 3, 1, 0},
                      Expectation{"table_branch", 5, 2, 0}, Expectation{"pop_pc", 8, 3, 0}),
    [](const auto& test) { return std::string(test.param.routine); });

class MachineTime : public RoutineRunner {};

TEST_F(MachineTime, TheCycleCounterCountsWhatTheTableSays) {
  run("cycle_counter");
  EXPECT_EQ(reg(2), 2u + 3u);  // The first reading itself and three nops.
}

TEST_F(MachineTime, ATimerCountsCyclesThroughItsPrescaler) {
  run("timer");
  // The store to CR1 costs 1, the nops 100; every 10 cycles are a count.
  EXPECT_EQ(reg(2), 10u);
}

TEST_F(MachineTime, AnEventRunsWhenItIsDue) {
  std::vector<Cycles> calls;
  Scheduler& scheduler = machine_.scheduler();
  scheduler.at(machine_.engine().counters().cycles + 100, [&] { calls.push_back(scheduler.now()); });
  run("endless");
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_GE(calls[0], 100u);
  EXPECT_LE(calls[0], 103u);  // The longest instruction of the loop, a taken branch, costs 3.
}

}  // namespace
}  // namespace mcusim::emulator
