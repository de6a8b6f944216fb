#include "emulator/peripherals/timer.h"

#include <gtest/gtest.h>

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kCr1 = 0x00, kSr = 0x10, kEgr = 0x14, kCnt = 0x24, kPsc = 0x28, kArr = 0x2c;

mcu_models::PeripheralModel model(std::uint32_t arr) {
  mcu_models::PeripheralModel timer;
  timer.registers = {{"ARR", kArr, arr}};
  return timer;
}

struct TimerTest : ::testing::Test {
  Scheduler scheduler;
  Timer timer{model(0xffffffff), scheduler};
};

TEST_F(TimerTest, StandsUntilItIsEnabled) {
  scheduler.set_now(1000);
  EXPECT_EQ(timer.read(kCnt, 4), 0u);
  timer.write(kCr1, 4, 1);
  scheduler.set_now(1500);
  EXPECT_EQ(timer.read(kCnt, 4), 500u);
  timer.write(kCr1, 4, 0);
  scheduler.set_now(9999);
  EXPECT_EQ(timer.read(kCnt, 4), 500u);
}

TEST_F(TimerTest, ThePrescalerDividesByOneMoreFromTheNextUpdateOn) {
  timer.write(kPsc, 4, 9);
  timer.write(kCr1, 4, 1);
  scheduler.set_now(100);
  EXPECT_EQ(timer.read(kCnt, 4), 100u) << "PSC is buffered";
  timer.write(kEgr, 4, 1);
  EXPECT_EQ(timer.read(kCnt, 4), 0u);
  EXPECT_EQ(timer.read(kSr, 4), 1u);
  scheduler.set_now(109);
  EXPECT_EQ(timer.read(kCnt, 4), 0u);
  scheduler.set_now(110);
  EXPECT_EQ(timer.read(kCnt, 4), 1u);
  // Reading in between must not lose parts of a count.
  for (Cycles now = 111; now <= 200; ++now) {
    scheduler.set_now(now);
    ASSERT_EQ(timer.read(kCnt, 4), (now - 100) / 10) << now;
  }
}

TEST_F(TimerTest, WrapsAtTheReloadValuePlusOneAndFlagsIt) {
  timer.write(kArr, 4, 99);
  timer.write(kCr1, 4, 1);
  scheduler.set_now(99);
  EXPECT_EQ(timer.read(kCnt, 4), 99u);
  EXPECT_EQ(timer.read(kSr, 4), 0u);
  scheduler.set_now(100);
  EXPECT_EQ(timer.read(kCnt, 4), 0u);
  EXPECT_EQ(timer.read(kSr, 4), 1u);
  timer.write(kSr, 4, 0);
  EXPECT_EQ(timer.read(kSr, 4), 0u);
  scheduler.set_now(12'345);
  EXPECT_EQ(timer.read(kCnt, 4), 45u);
  EXPECT_EQ(timer.read(kSr, 4), 1u);
}

TEST_F(TimerTest, TheReloadValueOfMuchFirmwareIsNotTheFullRange) {
  timer.write(kArr, 4, 0xfffffffe);
  timer.write(kCnt, 4, 0xfffffffe);
  timer.write(kCr1, 4, 1);
  scheduler.set_now(1);
  EXPECT_EQ(timer.read(kCnt, 4), 0u);
}

TEST_F(TimerTest, OnePulseModeStopsAtTheUpdate) {
  timer.write(kArr, 4, 9);
  timer.write(kCr1, 4, 1u << 3 | 1);
  scheduler.set_now(50);
  EXPECT_EQ(timer.read(kCnt, 4), 0u);
  EXPECT_EQ(timer.read(kCr1, 4), 1u << 3);
}

TEST_F(TimerTest, AReloadValueOfZeroBlocksTheCounter) {
  timer.write(kArr, 4, 0);
  timer.write(kCr1, 4, 1);
  scheduler.set_now(50);
  EXPECT_EQ(timer.read(kCnt, 4), 0u);
}

TEST_F(TimerTest, AUpdateRequestIsSilentWithUrs) {
  timer.write(kCr1, 4, 1u << 2);
  timer.write(kEgr, 4, 1);
  EXPECT_EQ(timer.read(kSr, 4), 0u);
}

TEST(Timer16, CountsSixteenBits) {
  Scheduler scheduler;
  Timer timer(model(0xffff), scheduler);
  timer.write(kCr1, 4, 1);
  scheduler.set_now(0x12345);
  EXPECT_EQ(timer.read(kCnt, 4), 0x2345u);
  timer.write(kArr, 4, 0xabcd1234);
  EXPECT_EQ(timer.read(kArr, 4), 0x1234u);
}

TEST(TimerClock, CountsTheTicksOfItsOwnClockThroughChanges) {
  Scheduler scheduler;
  clock_tree::DomainClock clock;
  clock.change(0, 120'000'000, 15'000'000);
  Timer timer(model(0xffffffff), scheduler, {.clock = &clock});
  timer.write(kPsc, 4, 14);
  timer.write(kEgr, 4, 1);
  timer.write(kCr1, 4, 1);
  scheduler.set_now(120'000'000);
  EXPECT_EQ(timer.read(kCnt, 4), 1'000'000u) << "microseconds: 15 MHz / 15";
  clock.change(120'000'000, 4'000'000, 15'000'000);
  scheduler.set_now(124'000'000);
  EXPECT_EQ(timer.read(kCnt, 4), 2'000'000u);
}

mcu_models::PeripheralModel with_channels() {
  mcu_models::PeripheralModel timer = model(0xffff);
  timer.registers.push_back({"CCR1", 0x34});
  timer.registers.push_back({"CCR2", 0x38});
  return timer;
}

TEST(TimerChannels, AMatchIsFlaggedWhereTheChannelComparesAndExists) {
  Scheduler scheduler;
  Timer timer(with_channels(), scheduler);
  timer.write(0x18, 4, 1u << 8);  // Channel 2 captures.
  timer.write(0x34, 4, 10);
  timer.write(0x38, 4, 10);
  timer.write(kArr, 4, 99);
  timer.write(kCr1, 4, 1);
  scheduler.set_now(9);
  EXPECT_EQ(timer.read(kSr, 4), 0u);
  scheduler.set_now(10);
  EXPECT_EQ(timer.read(kSr, 4), 1u << 1);
  timer.write(kSr, 4, 0);
  scheduler.set_now(109);
  EXPECT_EQ(timer.read(kSr, 4), 1u) << "the overflow only";
  scheduler.set_now(110);
  EXPECT_EQ(timer.read(kSr, 4), 3u);
  timer.write(kSr, 4, 0);
  scheduler.set_now(1000);
  EXPECT_EQ(timer.read(kSr, 4), 3u) << "several rounds at once";
}

TEST(TimerChannels, AValueBeyondTheReloadMatchesAtTheOverflow) {
  Scheduler scheduler;
  Timer timer(with_channels(), scheduler);
  timer.write(0x34, 4, 500);
  timer.write(0x38, 4, 50);
  timer.write(kArr, 4, 99);
  timer.write(kCr1, 4, 1);
  scheduler.set_now(99);
  EXPECT_EQ(timer.read(kSr, 4), 1u << 2);
  scheduler.set_now(100);
  EXPECT_EQ(timer.read(kSr, 4), 1u << 2 | 1u << 1 | 1u);
}

TEST(TimerChannels, SoftwareCanRaiseTheirFlags) {
  Scheduler scheduler;
  Timer timer(with_channels(), scheduler);
  timer.write(kEgr, 4, 1u << 1);
  EXPECT_EQ(timer.read(kSr, 4), 1u << 1);
}

TEST_F(TimerTest, WithArpeTheReloadValueTakesEffectAtTheNextUpdate) {
  timer.write(kArr, 4, 99);
  timer.write(kCr1, 4, 1u << 7 | 1);
  timer.write(kArr, 4, 9);
  scheduler.set_now(99);
  EXPECT_EQ(timer.read(kCnt, 4), 99u);
  scheduler.set_now(109);
  EXPECT_EQ(timer.read(kCnt, 4), 9u);
  scheduler.set_now(110);
  EXPECT_EQ(timer.read(kCnt, 4), 0u);
}

TEST_F(TimerTest, AOnePulseTimerStopsAtItsUpdate) {
  timer.write(kArr, 4, 99);
  timer.write(kCr1, 4, 1u << 3 | 1);
  scheduler.set_now(5000);
  EXPECT_EQ(timer.read(kCnt, 4), 0u);
  EXPECT_EQ(timer.read(kCr1, 4) & 1, 0u);
  EXPECT_EQ(timer.read(kSr, 4), 1u);
}

}  // namespace
}  // namespace mcusim::emulator
