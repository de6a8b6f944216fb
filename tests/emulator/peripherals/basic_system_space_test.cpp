#include "emulator/peripherals/basic_system_space.h"

#include <gtest/gtest.h>

#include <string>

namespace mcusim::emulator {
namespace {

// Offsets from 0xE0000000.
constexpr std::uint32_t kDwtCtrl = 0x1000, kCyccnt = 0x1004, kLar = 0x1fb0, kLsr = 0x1fb4;
constexpr std::uint32_t kSystCsr = 0xe010, kSystRvr = 0xe014, kSystCvr = 0xe018;
constexpr std::uint32_t kIser = 0xe100, kIcer = 0xe180, kAircr = 0xed0c, kCcr = 0xed14, kShpr3 = 0xed20;
constexpr std::uint32_t kCcsidr = 0xed80, kCsselr = 0xed84, kCpacr = 0xed88, kDemcr = 0xedfc;

struct SystemSpace : ::testing::Test {
  static mcu_models::McuModel mcu() {
    mcu_models::McuModel model;
    model.core.name = "cortex-m7";
    model.core.cpuid = 0x411fc271;
    model.core.mpu_regions = 16;
    model.core.dwt_lock = true;
    model.fpu = mcu_models::Fpu::fpv5_dp;
    model.caches["L1I"] = {.size = 16384, .line = 32, .ways = 2, .replacement = {}, .enable = {}};
    model.caches["L1D"] = {.size = 16384, .line = 32, .ways = 4, .replacement = {}, .enable = {}};
    return model;
  }
  BasicSystemSpace make(const BasicSystemSpace::Options& options) {
    return {mcu(), scheduler, options, &log};
  }

  Scheduler scheduler;
  NotModelledLog log;
  BasicSystemSpace space{make({.vector_table = 0x08000000, .system = {.dwt_lock = false}})};
};

TEST_F(SystemSpace, TellsTheCoreAndStoresItsConfiguration) {
  EXPECT_EQ(space.read(0xed00, 4), 0x411fc271u);
  space.write(0xed00, 4, 0);
  EXPECT_EQ(space.read(0xed00, 4), 0x411fc271u);
  EXPECT_EQ(space.read(0xed08, 4), 0x08000000u);
  space.write(0xed08, 4, 0x20000000);
  EXPECT_EQ(space.read(0xed08, 4), 0x20000000u);
  EXPECT_EQ(space.read(0xed90, 4), 16u << 8);
  space.write(kCpacr, 4, 0xf << 20);
  EXPECT_EQ(space.read(kCpacr, 4), 0xfu << 20);
  space.write(kCcr, 4, 0x30200);
  EXPECT_EQ(space.read(kCcr, 4), 0x30200u);
  space.write(kShpr3 + 3, 1, 0xf0);
  EXPECT_EQ(space.read(kShpr3, 4), 0xf0000000u);
}

TEST_F(SystemSpace, AircrTakesItsKeyAndShowsAnother) {
  space.write(kAircr, 4, 0x300);
  EXPECT_EQ(space.read(kAircr, 4), 0xfa050000u);
  space.write(kAircr, 4, 0x05fa0300);
  EXPECT_EQ(space.read(kAircr, 4), 0xfa050300u);
}

TEST_F(SystemSpace, CacheSizesGiveTheSetAndWayLoops) {
  const auto sets = [&] { return (space.read(kCcsidr, 4) >> 13 & 0x7fff) + 1; };
  const auto ways = [&] { return (space.read(kCcsidr, 4) >> 3 & 0x3ff) + 1; };
  EXPECT_EQ(sets() * ways() * 32, 16384u);
  EXPECT_EQ(ways(), 4u);
  space.write(kCsselr, 4, 1);
  EXPECT_EQ(sets() * ways() * 32, 16384u);
  EXPECT_EQ(ways(), 2u);
  space.write(0xef50, 4, 0);
  space.write(0xef60, 4, 0x123);
  EXPECT_EQ(space.read(0xef60, 4), 0u);
}

TEST_F(SystemSpace, TheCycleCounterNeedsBothEnables) {
  scheduler.set_now(100);
  space.write(kDwtCtrl, 4, 1);
  scheduler.set_now(200);
  EXPECT_EQ(space.read(kCyccnt, 4), 0u) << "TRCENA is off";
  space.write(kDemcr, 4, 1u << 24);
  scheduler.set_now(250);
  EXPECT_EQ(space.read(kCyccnt, 4), 50u);
  space.write(kCyccnt, 4, 0);
  scheduler.set_now(257);
  EXPECT_EQ(space.read(kCyccnt, 4), 7u);
  space.write(kDwtCtrl, 4, 0);
  scheduler.set_now(999);
  EXPECT_EQ(space.read(kCyccnt, 4), 7u) << "it stands but keeps its value";
  space.write(kCyccnt, 4, 0xffffffff);
  space.write(kDwtCtrl, 4, 1);
  scheduler.set_now(1001);
  EXPECT_EQ(space.read(kCyccnt, 4), 1u) << "it wraps";
}

TEST_F(SystemSpace, ALockedCycleCounterIgnoresWritesUntilItsKey) {
  BasicSystemSpace locked = make({.system = {.dwt_lock = true}});
  locked.write(kDemcr, 4, 1u << 24);
  EXPECT_EQ(locked.read(kLsr, 4), 3u);
  locked.write(kDwtCtrl, 4, 1);
  EXPECT_EQ(locked.read(kDwtCtrl, 4) & 1, 0u);
  locked.write(kLar, 4, 0x12345678);
  locked.write(kDwtCtrl, 4, 1);
  EXPECT_EQ(locked.read(kDwtCtrl, 4) & 1, 0u);
  locked.write(kLar, 4, 0xc5acce55);
  EXPECT_EQ(locked.read(kLsr, 4), 1u);
  locked.write(kDwtCtrl, 4, 1);
  scheduler.set_now(30);
  EXPECT_EQ(locked.read(kCyccnt, 4), 30u);
}

TEST_F(SystemSpace, ACoreWithoutCycleCounterSaysSo) {
  mcu_models::McuModel small;
  small.core.name = "cortex-m0plus";
  small.core.cycle_counter = false;
  BasicSystemSpace without(small, scheduler, {}, &log);
  without.write(kDemcr, 4, 1u << 24);
  without.write(kDwtCtrl, 4, 1);
  scheduler.set_now(10);
  EXPECT_NE(without.read(kDwtCtrl, 4) & 1u << 25, 0u);
  EXPECT_EQ(without.read(kCyccnt, 4), 0u);
}

TEST_F(SystemSpace, SysTickCountsDownReloadsAndFlagsOnce) {
  space.write(kSystRvr, 4, 9);
  space.write(kSystCvr, 4, 1234);
  space.write(kSystCsr, 4, 1u << 2 | 1);
  EXPECT_EQ(space.read(kSystCvr, 4), 0u);
  scheduler.set_now(1);
  EXPECT_EQ(space.read(kSystCvr, 4), 9u);
  scheduler.set_now(9);
  EXPECT_EQ(space.read(kSystCvr, 4), 1u);
  EXPECT_EQ(space.read(kSystCsr, 4), 5u);
  scheduler.set_now(10);
  EXPECT_EQ(space.read(kSystCvr, 4), 0u);
  EXPECT_EQ(space.read(kSystCsr, 4), 1u << 16 | 5u);
  EXPECT_EQ(space.read(kSystCsr, 4), 5u) << "reading clears the flag";
  // The same counts when it is not looked at between.
  scheduler.set_now(25);
  EXPECT_EQ(space.read(kSystCvr, 4), 5u);
  EXPECT_EQ(space.read(kSystCsr, 4), 1u << 16 | 5u);
}

TEST_F(SystemSpace, SysTickRunsAtAnEighthFromTheReference) {
  space.write(kSystRvr, 4, 99);
  space.write(kSystCsr, 4, 1);
  scheduler.set_now(8 * 11 + 7);  // 11 ticks: the reload, then 10 counts.
  EXPECT_EQ(space.read(kSystCvr, 4), 89u);
  scheduler.set_now(8 * 12);
  EXPECT_EQ(space.read(kSystCvr, 4), 88u);
}

TEST_F(SystemSpace, WhatHasNoEffectIsLogged) {
  space.write(kIser, 4, 0x0f);
  space.write(kIcer, 4, 0x03);
  EXPECT_EQ(space.read(kIser, 4), 0x0cu);
  EXPECT_EQ(space.read(kIcer, 4), 0x0cu);
  space.write(kSystCsr, 4, 1u << 1);
  space.write(0xed94, 4, 5);
  EXPECT_EQ(log.list(), (std::vector<std::string>{"MPU (this engine does not enforce it)",
                                                  "NVIC interrupts (this engine delivers none)",
                                                  "SysTick interrupt (this engine delivers none)"}));
}

TEST_F(SystemSpace, WhatGoesToAnOpenTracePortIsHeard) {
  std::string text;
  space.itm().set_listener(
      [&](unsigned, unsigned, std::uint32_t value) { text += static_cast<char>(value); });
  space.write(0, 1, 'x');
  space.write(kDemcr, 4, 1u << 24);
  space.write(0xe80, 4, 1);
  space.write(0xe00, 4, 1);
  EXPECT_EQ(space.read(0, 4), 1u);
  space.write(0, 1, 'y');
  EXPECT_EQ(text, "y");
}

}  // namespace
}  // namespace mcusim::emulator
