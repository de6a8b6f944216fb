#include "emulator/clock_tree/timebase.h"

#include <gtest/gtest.h>

#include "emulator/scheduler.h"

namespace mcusim::emulator::clock_tree {
namespace {

TEST(Timebase, SecondsAreTheSumOverIntervalsOfCyclesByClock) {
  Timebase time(16'000'000);
  EXPECT_EQ(time.seconds(0), 0.0);
  EXPECT_DOUBLE_EQ(time.seconds(16'000'000), 1.0);
  time.change(8'000'000, 400'000'000);  // after half a second
  EXPECT_DOUBLE_EQ(time.seconds(8'000'000), 0.5);
  EXPECT_DOUBLE_EQ(time.seconds(408'000'000), 1.5);
  time.change(408'000'000, 100'000);
  EXPECT_DOUBLE_EQ(time.seconds(408'100'000), 2.5);
}

TEST(Timebase, CycleOfATimeIsTheInverse) {
  Timebase time(16'000'000);
  EXPECT_EQ(time.cycle_at(2), 32'000'000u);
  time.change(16'000'000, 400'000'000);
  EXPECT_EQ(time.cycle_at(2), 416'000'000u);
  EXPECT_EQ(time.cycle_at(0.25), 16'000'000u) << "it has passed";
  EXPECT_EQ(time.cycle_at(1e30), Scheduler::kNever);
}

TEST(DomainClock, CountsWithTheRatioOfItsClocks) {
  DomainClock timer;
  timer.change(0, 120'000'000, 15'000'000);
  EXPECT_EQ(timer.ticks(7), 0u);
  EXPECT_EQ(timer.ticks(8), 1u);
  EXPECT_EQ(timer.ticks(120'000'000), 15'000'000u);
  timer.change(80, 120'000'000, 80'000'000);
  EXPECT_EQ(timer.ticks(83), 12u);
}

TEST(DomainClock, StandsStillWhileItsSourceIsStopped) {
  DomainClock timer;
  timer.change(100, 1'000'000, 0);
  EXPECT_EQ(timer.ticks(1'000'000'000), 100u);
  EXPECT_EQ(timer.cycle_at(101), Scheduler::kNever);
  timer.change(2'000'000'000, 1'000'000, 1'000'000);
  EXPECT_EQ(timer.ticks(2'000'000'005), 105u);
}

TEST(DomainClock, CycleOfATickIsTheFirstThatReachesIt) {
  DomainClock timer;
  for (const auto& [core, domain] : {std::pair<Hertz, Hertz>{120'000'000, 15'000'000},
                                     {480'000'001, 240'000'000},
                                     {64'000'000, 64'000'000},
                                     {2'000'000, 32'768},
                                     {32'768, 16'000'000}}) {
    const Cycles start = 1000 * core;
    timer.change(start, core, domain);
    const std::uint64_t ticks = timer.ticks(start);
    for (std::uint64_t ahead = 1; ahead < 100'000; ahead = ahead * 3 + 1) {
      const Cycles cycle = timer.cycle_at(ticks + ahead);
      EXPECT_GE(timer.ticks(cycle), ticks + ahead) << core << " " << domain << " " << ahead;
      EXPECT_LT(timer.ticks(cycle - 1), ticks + ahead) << core << " " << domain << " " << ahead;
    }
  }
}

}  // namespace
}  // namespace mcusim::emulator::clock_tree
