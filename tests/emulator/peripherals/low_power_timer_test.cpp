#include "emulator/peripherals/low_power_timer.h"

#include <gtest/gtest.h>

#include "interrupt_recorder.h"

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kIsr = 0x00, kIcr = 0x04, kIer = 0x08, kCfgr = 0x0c, kCr = 0x10, kCmp = 0x14,
                        kArr = 0x18, kCnt = 0x1c;
constexpr std::uint32_t kCompareMatch = 1, kReloadMatch = 2, kCompareOk = 8, kReloadOk = 16;
constexpr std::uint32_t kEnable = 1, kOnce = 3, kContinuously = 5;

mcu_models::PeripheralModel model() {
  mcu_models::PeripheralModel timer;
  timer.interrupt = 65;
  timer.registers = {{"ARR", kArr, 1}};
  return timer;
}

struct LowPowerTimerTest : ::testing::Test {
  std::uint32_t at(Cycles now, std::uint32_t offset) {
    scheduler.set_now(now);
    return timer.read(offset, 4);
  }
  void start(std::uint32_t reload, std::uint32_t how) {
    timer.write(kCr, 4, kEnable);
    timer.write(kArr, 4, reload);
    timer.write(kCr, 4, how);
  }

  Scheduler scheduler;
  InterruptRecorder interrupts;
  LowPowerTimer timer{model(), Wiring{.interrupts = &interrupts, .scheduler = &scheduler}};
};

TEST_F(LowPowerTimerTest, SaysThatAValueHasArrivedAFewTicksAfterItWasWritten) {
  timer.write(kCr, 4, kEnable);
  timer.write(kArr, 4, 99);
  EXPECT_EQ(at(0, kIsr), 0u);
  EXPECT_EQ(at(2, kIsr), kReloadOk);
  timer.write(kIcr, 4, kReloadOk);
  timer.write(kCmp, 4, 50);
  EXPECT_EQ(at(10, kIsr), kCompareOk);
}

TEST_F(LowPowerTimerTest, CountsFromZeroToArrAndRoundAgain) {
  start(9, kContinuously);
  EXPECT_EQ(at(9, kCnt), 9u);
  EXPECT_EQ(at(10, kCnt), 0u);
  EXPECT_EQ(at(1234567, kCnt), 7u);
}

TEST_F(LowPowerTimerTest, PrescalerDividesByPowersOfTwoWithoutLosingPartsOfACount) {
  timer.write(kCfgr, 4, 3u << 9);
  start(0xffff, kContinuously);
  for (Cycles now = 1; now <= 100; ++now) ASSERT_EQ(at(now, kCnt), now / 8) << now;
}

TEST_F(LowPowerTimerTest, FlagsTheMomentsAtWhichItReachesCmpAndArr) {
  timer.write(kCr, 4, kEnable);
  timer.write(kCmp, 4, 30);
  start(99, kContinuously);
  timer.write(kIcr, 4, 0x7f);
  EXPECT_EQ(at(29, kIsr) & (kCompareMatch | kReloadMatch), 0u);
  EXPECT_EQ(at(30, kIsr) & (kCompareMatch | kReloadMatch), kCompareMatch);
  EXPECT_EQ(at(98, kIsr) & (kCompareMatch | kReloadMatch), kCompareMatch);
  EXPECT_EQ(at(99, kIsr) & (kCompareMatch | kReloadMatch), kCompareMatch | kReloadMatch);
}

TEST_F(LowPowerTimerTest, OnceStopsAtArr) {
  start(9, kOnce);
  EXPECT_EQ(at(8, kCnt), 8u);
  EXPECT_EQ(at(500, kCnt), 0u);
  EXPECT_NE(timer.read(kIsr, 4) & kReloadMatch, 0u);
  timer.write(kIcr, 4, kReloadMatch);
  EXPECT_EQ(at(5000, kIsr) & kReloadMatch, 0u);
}

TEST_F(LowPowerTimerTest, DisablingResetsTheCounterAndADisabledTimerDoesNotStart) {
  start(99, kContinuously);
  EXPECT_EQ(at(50, kCnt), 50u);
  timer.write(kCr, 4, 0);
  EXPECT_EQ(at(60, kCnt), 0u);
  timer.write(kCr, 4, kContinuously & ~kEnable);
  EXPECT_EQ(at(90, kCnt), 0u);
}

TEST_F(LowPowerTimerTest, InterruptsAtTheCycleOfAnEnabledFlagUntilItIsCleared) {
  timer.write(kIer, 4, kCompareMatch);
  timer.write(kCr, 4, kEnable);
  timer.write(kCmp, 4, 30);
  start(99, kContinuously);
  scheduler.set_now(29);
  scheduler.serve();
  EXPECT_FALSE(interrupts.levels[65]);
  scheduler.set_now(30);
  scheduler.serve();
  EXPECT_TRUE(interrupts.levels[65]);
  timer.write(kIcr, 4, kCompareMatch);
  EXPECT_FALSE(interrupts.levels[65]);
  scheduler.set_now(130);
  scheduler.serve();
  EXPECT_TRUE(interrupts.levels[65]) << "a round later";
}

}  // namespace
}  // namespace mcusim::emulator
