#include <gtest/gtest.h>

#include "common/error.h"
#include "tests/emulator/clock_tree/programmed_mcu.h"

// Register values as public firmware programs them, and rules of the reference manuals.

namespace mcusim::emulator::clock_tree {
namespace {

Hertz bus(const Clocks& clocks, std::string_view name) {
  for (const Clocks::Bus& candidate : clocks.apb) {
    if (candidate.name == name) return candidate.peripherals;
  }
  return 0;
}

TEST(L4PlusClocks, HsiBy2Times30By2Is120MHz) {
  ProgrammedMcu mcu("stm32l4r5", 0);
  mcu.write_rcc("CR", 0x01000163);                // HSI and PLL on
  mcu.write_rcc("PLLCFGR", 0x01001e12);           // HSI, M = 2, N = 30, R = 2
  mcu.write_rcc("CFGR", 3 | 7u << 8 | 7u << 11);  // PLL; APB1 and APB2 / 16
  const Clocks clocks = mcu.clocks();
  EXPECT_EQ(clocks.core, 120'000'000u);
  EXPECT_EQ(bus(clocks, "APB1"), 7'500'000u);
  EXPECT_EQ(clocks.kernels.at("TIM5"), 15'000'000u) << "a timer counts at twice its divided bus clock";
  EXPECT_EQ(clocks.kernels.at("LPUART1"), 7'500'000u);
}

TEST(L4PlusClocks, MsiTimes60By2Is120MHz) {
  ProgrammedMcu mcu("stm32l4r5", 0);
  mcu.write_rcc("CR", 0x01000063);
  mcu.write_rcc("PLLCFGR", 0x01003c01);  // MSI, M = 1, N = 60, R = 2
  mcu.write_rcc("CFGR", 3);
  EXPECT_EQ(mcu.clocks().core, 120'000'000u);
}

TEST(L4Clocks, MsiRangeComesFromCrOnlyWhenMsirgselIsSet) {
  ProgrammedMcu mcu("stm32l476", 0);
  mcu.write_rcc("CR", 0xb1);  // range 11, MSIRGSEL = 0: CSR's 4 MHz holds
  EXPECT_EQ(mcu.clocks().core, 4'000'000u);
  mcu.write_rcc("CR", 0xb9);
  EXPECT_EQ(mcu.clocks().core, 48'000'000u);
  mcu.write_rcc("CR", 0x09);
  EXPECT_EQ(mcu.clocks().core, 100'000u);
}

TEST(H743Clocks, HsiBy4Times50By2Is400MHzWithHalfOnTheBus) {
  ProgrammedMcu mcu("stm32h743", 0);
  mcu.write_rcc("PLLCKSELR", 0x40);       // HSI, M = 4
  mcu.write_rcc("PLL1DIVR", 0x01010231);  // N = 50, P = 2
  mcu.write_rcc("D1CFGR", 0x48);          // HPRE / 2, APB3 / 2
  mcu.write_rcc("D2CFGR", 0x440);
  mcu.write_rcc("D3CFGR", 0x40);
  mcu.set_rcc("CR", 0x01000000, 0x01000000);
  mcu.write_rcc("CFGR", 3);
  Clocks clocks = mcu.clocks();
  EXPECT_EQ(clocks.core, 400'000'000u);
  EXPECT_EQ(clocks.ahb, 200'000'000u);
  for (const char* name : {"APB1", "APB2", "APB3", "APB4"})
    EXPECT_EQ(bus(clocks, name), 100'000'000u) << name;
  EXPECT_EQ(clocks.kernels.at("TIM5"), 200'000'000u);
  EXPECT_EQ(clocks.kernels.at("USART3"), 100'000'000u);
  EXPECT_EQ(clocks.systick_external, 50'000'000u) << "SysTick's external clock is the core's / 8";

  mcu.write_rcc("D2CCIP2R", 3);    // USART3 from HSI
  mcu.write_rcc("D1CFGR", 0x848);  // D1CPRE / 2 too
  clocks = mcu.clocks();
  EXPECT_EQ(clocks.core, 200'000'000u);
  EXPECT_EQ(clocks.kernels.at("USART3"), 64'000'000u);
  EXPECT_EQ(clocks.kernels.at("USART1"), 50'000'000u) << "the other multiplexer stays";
}

TEST(H743Clocks, FractionOfThePllCountsIn8192ths) {
  ProgrammedMcu mcu("stm32h743", 25'000'000);
  mcu.write_rcc("PLLCKSELR", 0x52);       // HSE, M = 5
  mcu.write_rcc("PLL1DIVR", 0x0101025f);  // N = 96, P = 2
  mcu.write_rcc("PLL1FRACR", 4096u << 3);
  mcu.set_rcc("CR", 0x01010000, 0x01010000);
  mcu.write_rcc("CFGR", 3);
  EXPECT_EQ(mcu.clocks().core, 240'000'000u) << "no effect without PLL1FRACEN";
  mcu.set_rcc("PLLCFGR", 1, 1);
  EXPECT_EQ(mcu.clocks().core, 241'250'000u) << "25 MHz / 5 * 96.5 / 2";
}

TEST(H743Clocks, UartFromPll2QAndPll3Q) {
  ProgrammedMcu mcu("stm32h743", 0);
  mcu.write_rcc("PLLCKSELR", 8u << 4 | 8u << 12 | 16u << 20);  // HSI; M2 = 8, M3 = 16
  mcu.write_rcc("PLL2DIVR", 24 | 9u << 16);                    // N = 25, Q = 10
  mcu.write_rcc("PLL3DIVR", 49 | 4u << 16);                    // N = 50, Q = 5
  mcu.write_rcc("D2CCIP2R", 1 | 2u << 3);
  EXPECT_EQ(mcu.clocks().kernels.at("USART3"), 0u) << "PLL2 is off";
  mcu.set_rcc("CR", 0x14000000, 0x14000000);
  EXPECT_EQ(mcu.clocks().kernels.at("USART3"), 20'000'000u);
  EXPECT_EQ(mcu.clocks().kernels.at("USART1"), 40'000'000u);
}

TEST(H743Clocks, TimpreLetsTimersCountAtFourTimesTheirBus) {
  ProgrammedMcu mcu("stm32h743", 0);
  mcu.write_rcc("D2CFGR", 5u << 4);  // APB1 / 4 of HSI's 64 MHz
  EXPECT_EQ(mcu.clocks().kernels.at("TIM2"), 32'000'000u);
  mcu.write_rcc("CFGR", 1u << 15);
  EXPECT_EQ(mcu.clocks().kernels.at("TIM2"), 64'000'000u);
  mcu.write_rcc("D2CFGR", 4u << 4);
  EXPECT_EQ(mcu.clocks().kernels.at("TIM2"), 64'000'000u) << "never above HCLK";
}

TEST(H7A3Clocks, HsiBy4Times35By2Is280MHzOnTheBusToo) {
  ProgrammedMcu mcu("stm32h7a3", 8'000'000);
  mcu.write_rcc("PLLCKSELR", 0x40);
  mcu.write_rcc("PLL1DIVR", 0x01010222);
  mcu.write_rcc("CDCFGR2", 0x440);
  mcu.set_rcc("CR", 0x01000000, 0x01000000);
  mcu.write_rcc("CFGR", 3);
  EXPECT_EQ(mcu.clocks().core, 280'000'000u);
  EXPECT_EQ(mcu.clocks().ahb, 280'000'000u);
  EXPECT_EQ(bus(mcu.clocks(), "APB1"), 140'000'000u);
  mcu.write_rcc("CDCFGR1", 8);
  EXPECT_EQ(mcu.clocks().core, 280'000'000u);
  EXPECT_EQ(mcu.clocks().ahb, 140'000'000u) << "AXI and flash at half the core's clock";
}

TEST(F7Clocks, BothUsualWaysTo216MHz) {
  ProgrammedMcu mcu("stm32f746", 25'000'000);
  mcu.set_rcc("CR", 0x01010000, 0x01010000);
  mcu.write_rcc("CFGR", 2 | 5u << 10 | 4u << 13);  // PLL, APB1 / 4, APB2 / 2
  mcu.write_rcc("PLLCFGR", 8 | 216u << 6 | 9u << 24);
  EXPECT_EQ(mcu.clocks().core, 216'000'000u) << "HSI 16 / 8 * 216 / 2";
  EXPECT_EQ(mcu.clocks().kernels.at("TIM5"), 108'000'000u);
  EXPECT_EQ(mcu.clocks().kernels.at("USART1"), 108'000'000u);
  mcu.write_rcc("PLLCFGR", 25 | 432u << 6 | 1u << 22);
  EXPECT_EQ(mcu.clocks().core, 216'000'000u) << "HSE 25 / 25 * 432 / 2";
  mcu.write_rcc("DCKCFGR1", 1u << 24);  // TIMPRE
  EXPECT_EQ(mcu.clocks().kernels.at("TIM5"), 216'000'000u);
  mcu.write_rcc("DCKCFGR2", 1);  // USART1 from SYSCLK
  EXPECT_EQ(mcu.clocks().kernels.at("USART1"), 216'000'000u);
}

TEST(F4Clocks, F446CanRunFromOutputRAndHasTimpre) {
  ProgrammedMcu mcu("stm32f446", 8'000'000);
  mcu.set_rcc("CR", 0x01010000, 0x01010000);
  mcu.write_rcc("PLLCFGR", 4 | 180u << 6 | 1u << 22 | 3u << 28);  // HSE, M = 4, N = 180, P = 2, R = 3
  mcu.write_rcc("CFGR", 2);
  EXPECT_EQ(mcu.clocks().core, 180'000'000u);
  mcu.write_rcc("CFGR", 3 | 5u << 10);
  EXPECT_EQ(mcu.clocks().core, 120'000'000u);
  EXPECT_EQ(mcu.clocks().kernels.at("TIM2"), 60'000'000u);
  mcu.write_rcc("DCKCFGR", 1u << 24);
  EXPECT_EQ(mcu.clocks().kernels.at("TIM2"), 120'000'000u);
}

TEST(F1Clocks, ThePllDividesHsiAlwaysAndHseOnDemand) {
  ProgrammedMcu mcu("stm32f103", 8'000'000);
  mcu.set_rcc("CR", 0x01010000, 0x01010000);
  mcu.write_rcc("CFGR", 2 | 4u << 8 | 1u << 16 | 7u << 18);  // HSE * 9
  EXPECT_EQ(mcu.clocks().core, 72'000'000u);
  EXPECT_EQ(bus(mcu.clocks(), "APB1"), 36'000'000u);
  EXPECT_EQ(mcu.clocks().kernels.at("TIM2"), 72'000'000u);
  EXPECT_EQ(mcu.clocks().kernels.at("USART1"), 72'000'000u);
  EXPECT_EQ(mcu.clocks().kernels.at("USART2"), 36'000'000u);
  mcu.write_rcc("CFGR", 2 | 3u << 16 | 7u << 18);
  EXPECT_EQ(mcu.clocks().core, 36'000'000u) << "HSE / 2 * 9";
  mcu.write_rcc("CFGR", 2 | 15u << 18);
  EXPECT_EQ(mcu.clocks().core, 64'000'000u) << "HSI / 2 * 16";
}

TEST(G0Clocks, Hsi16Times8By2Is64MHzAndHsidivActsOnSysclkOnly) {
  ProgrammedMcu mcu("stm32g0b1", 0);
  mcu.write_rcc("PLLCFGR", 2 | 8u << 8 | 1u << 28 | 1u << 29);  // HSI16, M = 1, N = 8, R = 2
  mcu.set_rcc("CR", 0x01000000, 0x01000000);
  mcu.write_rcc("CFGR", 2 | 4u << 12);
  EXPECT_EQ(mcu.clocks().core, 64'000'000u);
  EXPECT_EQ(mcu.clocks().kernels.at("TIM2"), 64'000'000u);
  EXPECT_EQ(mcu.clocks().kernels.at("USART2"), 32'000'000u);
  mcu.set_rcc("CR", 7u << 11, 3u << 11);
  EXPECT_EQ(mcu.clocks().core, 64'000'000u);
  mcu.write_rcc("CFGR", 0);
  EXPECT_EQ(mcu.clocks().core, 2'000'000u);
  mcu.write_rcc("CCIPR", 2u << 2);
  EXPECT_EQ(mcu.clocks().kernels.at("USART2"), 16'000'000u);
}

TEST(G4Clocks, HseBy2Times85By4Is85MHz) {
  ProgrammedMcu mcu("stm32g474", 8'000'000);
  mcu.set_rcc("CR", 0x01010000, 0x01010000);
  mcu.write_rcc("PLLCFGR", 3 | 1u << 4 | 85u << 8 | 1u << 24 | 1u << 25);
  mcu.write_rcc("CFGR", 3);
  EXPECT_EQ(mcu.clocks().core, 85'000'000u);
}

TEST(U5Clocks, BothWaysOfPublicFirmwareTo160MHz) {
  ProgrammedMcu mcu("stm32u575", 0);
  mcu.write_rcc("PLL1CFGR", 1 | 1u << 18);  // MSIS, M = 1, R on
  mcu.write_rcc("PLL1DIVR", 79 | 1u << 24);
  mcu.set_rcc("CR", 0x01000000, 0x01000000);
  mcu.write_rcc("CFGR1", 3);
  EXPECT_EQ(mcu.clocks().core, 160'000'000u) << "MSIS 4 * 80 / 2";
  mcu.set_rcc("ICSCR1", 0xf0800000, 0x00800000);  // MSIRGSEL, range 0: 48 MHz
  mcu.write_rcc("PLL1CFGR", 1 | 2u << 8 | 1u << 18);
  mcu.write_rcc("PLL1DIVR", 9 | 0u << 24);
  EXPECT_EQ(mcu.clocks().core, 160'000'000u) << "MSIS 48 / 3 * 10 / 1";
  mcu.write_rcc("CFGR2", 7u << 4);
  EXPECT_EQ(mcu.clocks().kernels.at("TIM5"), 20'000'000u);
}

TEST(U5Clocks, SysTickAndLpuartHaveLowSpeedSources) {
  ProgrammedMcu mcu("stm32u575", 0);
  mcu.write_rcc("CCIPR1", 2u << 22);
  EXPECT_EQ(mcu.clocks().systick_external, 0u) << "LSE is off";
  mcu.write_rcc("BDCR", 1);
  EXPECT_EQ(mcu.clocks().systick_external, 32'768u);
  mcu.write_rcc("CCIPR3", 4);
  EXPECT_EQ(mcu.clocks().kernels.at("LPUART1"), 4'000'000u) << "MSIK";
}

TEST(ClockTree, AnUnknownNameListsTheKnownOnes) {
  mcu_models::McuModel mcu = mcu_models::load_mcu("stm32h743");
  mcu.clock_tree = "stm32h8";
  try {
    const ClockTree tree(mcu, 0);
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("'stm32h8' is unknown; use one of stm32f1, stm32f4"),
              std::string::npos)
        << error.what();
  }
}

TEST(ClockTree, AMissingRegisterIsNamed) {
  mcu_models::McuModel mcu = mcu_models::load_mcu("stm32h743");
  for (mcu_models::PeripheralModel& peripheral : mcu.peripherals) {
    if (peripheral.name == "RCC")
      std::erase_if(peripheral.registers, [](const auto& r) { return r.name == "PLLCKSELR"; });
  }
  try {
    const ClockTree tree(mcu, 0);
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("RCC has no register PLLCKSELR"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace mcusim::emulator::clock_tree
