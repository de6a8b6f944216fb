#include <gtest/gtest.h>

#include <random>

#include "tests/emulator/clock_tree/programmed_mcu.h"
#include "tests/stm32_names.h"

namespace mcusim::emulator::clock_tree {
namespace {

TEST(HostileRegisters, APllThatDividesByZeroIsStoppedAndTheResetClockHolds) {
  ProgrammedMcu mcu("stm32h743", 8'000'000);
  mcu.set_rcc("CR", 0x01000000, 0x01000000);
  mcu.write_rcc("CFGR", 3);
  mcu.write_rcc("PLLCKSELR", 0);  // M = 0: no input clock
  EXPECT_EQ(mcu.clocks().core, 64'000'000u);
  mcu.write_rcc("PLLCKSELR", 0x43);  // no source
  EXPECT_EQ(mcu.clocks().core, 64'000'000u);
}

TEST(HostileRegisters, AVcoBeyondTwiceItsLimitDoesNotLock) {
  ProgrammedMcu mcu("stm32h743", 0);
  mcu.set_rcc("CR", 0x01000000, 0x01000000);
  mcu.write_rcc("CFGR", 3);
  mcu.write_rcc("PLLCKSELR", 0x10);         // HSI / 1
  mcu.write_rcc("PLL1DIVR", 29 | 3u << 9);  // * 30 = 1920 MHz, twice 960; / 4
  EXPECT_EQ(mcu.clocks().core, 480'000'000u);
  mcu.write_rcc("PLL1DIVR", 30 | 3u << 9);
  EXPECT_EQ(mcu.clocks().core, 64'000'000u);
}

TEST(HostileRegisters, AnOscillatorThatTheBoardLacksIsStopped) {
  ProgrammedMcu mcu("stm32f407", 0);
  mcu.set_rcc("CR", 1u << 16, 1u << 16);
  mcu.write_rcc("CFGR", 1);
  EXPECT_EQ(mcu.clocks().core, 16'000'000u);
}

TEST(HostileRegisters, AnyValuesGiveARunningCoreAndTheSameAnswerTwice) {
  std::mt19937 random(1);
  for (const std::string& name : stm32_names()) {
    const mcu_models::McuModel mcu = mcu_models::load_mcu(name);
    for (const Hertz oscillator : {Hertz{0}, Hertz{1}, Hertz{100'000'000}}) {
      const ClockTree tree(mcu, oscillator);
      for (int round = 0; round < 2000; ++round) {
        std::map<std::uint32_t, std::uint32_t> registers;
        const auto read = [&](std::uint32_t offset) {
          return registers.try_emplace(offset, round == 0 ? 0u : round == 1 ? ~0u : random()).first->second;
        };
        const Clocks clocks = tree.clocks(read);
        ASSERT_GT(clocks.core, 0u) << name;
        ASSERT_GT(clocks.ahb, 0u) << name;
        ASSERT_LE(clocks.ahb, clocks.core) << name;
        ASSERT_LT(clocks.core, Hertz{1} << 32) << name;
        for (const auto& [kernel, clock] : clocks.kernels)
          ASSERT_LT(clock, Hertz{1} << 32) << name << " " << kernel;
        ASSERT_EQ(tree.clocks(read), clocks) << name;
      }
    }
  }
}

}  // namespace
}  // namespace mcusim::emulator::clock_tree
