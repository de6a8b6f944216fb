#include "emulator/clock_tree/machine_clocks.h"

#include <gtest/gtest.h>

#include "emulator/cortex_m/core.h"
#include "emulator/cortex_m/native_engine.h"
#include "emulator/machine.h"

namespace mcusim::emulator::clock_tree {
namespace {

constexpr Address kRcc = 0x58024400, kD1cfgr = kRcc + 0x18, kD2cfgr = kRcc + 0x1c, kTim5 = 0x40000c00;
constexpr Address kCr1 = 0, kCnt = 0x24;

struct H743 : ::testing::Test {
  mcu_models::McuModel mcu = mcu_models::load_mcu("stm32h743");
  mcu_models::BoardModel board = mcu_models::load_board(mcu, "");
};

/// Writes `value` to `address` and then runs in a loop of two instructions for ever.
Image write_then_loop(Address address, std::uint32_t value) {
  const std::uint32_t words[] = {
      0x20001000, 0x08000009,
      0x49034802,  // ldr r0, =address; ldr r1, =value
      0xbf006001,  // str r1, [r0]; loop: nop
      0xbf00e7fd,  // b loop
      address,    value,
  };
  Image image;
  image.file = "loop";
  image.segments = {{0x08000000, {}}};
  for (const std::uint32_t word : words) {
    for (int shift = 0; shift < 32; shift += 8) {
      image.segments[0].bytes.push_back(static_cast<std::uint8_t>(word >> shift));
    }
  }
  return image;
}

TEST_F(H743, TheMachinesClockFollowsWritesToTheRcc) {
  Machine machine(mcu, board, {});
  EXPECT_EQ(machine.clock(), 64'000'000u) << "after reset";
  machine.bus().write(kD1cfgr, 4, 0x900);
  EXPECT_EQ(machine.clock(), 16'000'000u) << "D1CPRE / 4";
  machine.bus().write(kD1cfgr + 1, 1, 0x08);
  EXPECT_EQ(machine.clock(), 32'000'000u) << "a byte of the register";
}

TEST_F(H743, ATimerCountsItsOwnClock) {
  Machine machine(mcu, board, {});
  machine.bus().write(kD1cfgr, 4, 0x8);   // HCLK / 2
  machine.bus().write(kD2cfgr, 4, 0x50);  // APB1 / 4: timers at half of HCLK
  machine.bus().write(kTim5 + kCr1, 4, 1);
  machine.scheduler().set_now(4000);
  EXPECT_EQ(machine.bus().read(kTim5 + kCnt, 4).value, 1000u);
  machine.bus().write(kD2cfgr, 4, 0);
  machine.scheduler().set_now(8000);
  EXPECT_EQ(machine.bus().read(kTim5 + kCnt, 4).value, 3000u);
}

TEST_F(H743, ALimitInSecondsHoldsWhateverTheFirmwareDoesToItsClocks) {
  // A quarter of the clock, and the PLL that does not run: the reset clock stays.
  for (const auto& [value, clock] : {std::pair<std::uint32_t, double>{0x900, 16e6}, {0x0, 64e6}}) {
    Machine machine(mcu, board, {});
    machine.load(write_then_loop(kD1cfgr, value));
    const Stop stop = machine.run({.seconds = 0.001});
    EXPECT_EQ(stop.reason, StopReason::cycle_limit) << stop.detail;
    const auto cycles = static_cast<double>(machine.engine().counters().cycles);
    EXPECT_NEAR(cycles, clock * 0.001, 60) << "the first instructions run at the reset clock";
    EXPECT_NEAR(machine.seconds(), 0.001, 1e-6);
    machine.run({.seconds = 0.003});
    EXPECT_NEAR(machine.seconds(), 0.003, 1e-6);
  }
}

TEST_F(H743, ALimitInCyclesHoldsBesideOneInSeconds) {
  Machine machine(mcu, board, {});
  machine.load(write_then_loop(kD1cfgr, 0x900));
  machine.run({.cycles = 1000, .seconds = 1});
  EXPECT_NEAR(static_cast<double>(machine.engine().counters().cycles), 1000, 5);
}

TEST(MachineWithoutClockTree, KeepsTheBoardsClock) {
  mcu_models::McuModel mcu = mcu_models::load_mcu("stm32h743");
  const mcu_models::BoardModel board = mcu_models::load_board(mcu, "");
  mcu.clock_tree.clear();
  Machine machine(mcu, board, {});
  machine.bus().write(kD1cfgr, 4, 0x900);
  EXPECT_EQ(machine.clock(), board.core_clock);
}

TEST(SysTickOfAMachine, CountsTheExternalClockThatThePartSelects) {
  constexpr Address kU5Rcc = 0x46020c00, kCcipr1 = kU5Rcc + 0xe0, kBdcr = kU5Rcc + 0xf0;
  constexpr Address kCsr = 0xe000e010, kRvr = 0xe000e014, kCvr = 0xe000e018;
  const mcu_models::McuModel mcu = mcu_models::load_mcu("stm32u575");
  Machine machine(mcu, mcu_models::load_board(mcu, ""), {});
  machine.load(write_then_loop(0x20000000, 0));
  auto* native = dynamic_cast<cortex_m::NativeEngine*>(&machine.engine());
  ASSERT_NE(native, nullptr);
  cortex_m::Core& core = native->core();
  core.store(kRvr, 4, 999);
  core.store(kCsr, 4, 1);
  core.cycles = 8 * 100;
  EXPECT_EQ(core.load(kCvr, 4), 900u) << "the core's clock / 8 after reset";
  core.store(kCsr, 4, 0);
  core.store(kBdcr, 4, 1);           // LSE on
  core.store(kCcipr1, 4, 2u << 22);  // SYSTICKSEL: LSE
  core.store(kCvr, 4, 0);
  core.store(kCsr, 4, 1);
  const Cycles begin = core.cycles;
  core.cycles = begin + machine.clock() / 32'768 * 100 + 99;  // 100 ticks of 122.07 cycles at 4 MHz
  EXPECT_EQ(core.load(kCvr, 4), 900u);
}

}  // namespace
}  // namespace mcusim::emulator::clock_tree
