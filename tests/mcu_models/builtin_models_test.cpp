#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "emulator/timing/instruction_class.h"
#include "mcu_models/mcu_model.h"
#include "tests/stm32_names.h"

namespace mcusim::mcu_models {
namespace {

class EveryMcu : public testing::TestWithParam<std::string> {
 protected:
  McuModel mcu_ = load_mcu(GetParam());
};

/// What only Cortex-M parts with the peripherals of an STM32 have.
class EveryStm32 : public EveryMcu {};

struct Interval {
  std::uint64_t base;
  std::uint64_t end;
  std::string name;
};

TEST_P(EveryStm32, HasFlashAtItsLinkAddressAndRam) {
  const MemoryRegion* flash = mcu_.find_memory("FLASH");
  ASSERT_NE(flash, nullptr);
  EXPECT_EQ(flash->kind, MemoryKind::flash);
  EXPECT_EQ(flash->base, 0x08000000u);
  EXPECT_TRUE(std::ranges::any_of(mcu_.memory, [](const MemoryRegion& region) {
    return region.kind == MemoryKind::ram && region.executable;
  }));
}

TEST_P(EveryMcu, HasNoOverlapOfMemoriesAliasesAndPeripherals) {
  std::vector<Interval> intervals;
  for (const MemoryRegion& region : mcu_.memory) {
    intervals.push_back({region.base, region.base + region.size, region.name});
    for (const Address alias : region.aliases) {
      intervals.push_back({alias, alias + region.size, region.name + " alias"});
    }
  }
  for (const PeripheralModel& peripheral : mcu_.peripherals) {
    intervals.push_back({peripheral.base, peripheral.base + peripheral.size, peripheral.name});
  }
  for (const Interval& a : intervals) {
    for (const Interval& b : intervals) {
      if (&a == &b) continue;
      EXPECT_FALSE(a.base < b.end && b.base < a.end) << a.name << " overlaps " << b.name;
    }
  }
}

TEST_P(EveryStm32, NamesWhatStartUpCodeAndHalTouch) {
  for (const char* name : {"RCC", "PWR", "FLASH", "GPIOA", "GPIOB", "GPIOC", "DBGMCU", "CRC", "USART1",
                           "USART2", "TIM2", "TIM3"}) {
    EXPECT_NE(mcu_.find_peripheral(name), nullptr) << name;
  }
  EXPECT_TRUE(mcu_.find_peripheral("SYSCFG") || mcu_.find_peripheral("AFIO"));
}

TEST_P(EveryMcu, HasRulesOnlyOnItsRegisters) {
  for (const PeripheralModel& peripheral : mcu_.peripherals) {
    std::set<std::uint32_t> offsets;
    for (const RegisterModel& reg : peripheral.registers) offsets.insert(reg.offset);
    EXPECT_EQ(offsets.size(), peripheral.registers.size()) << peripheral.name;
    for (const FollowRule& rule : peripheral.rules) {
      EXPECT_TRUE(offsets.contains(rule.target_offset)) << peripheral.name;
      EXPECT_TRUE(!rule.source_offset || offsets.contains(*rule.source_offset)) << peripheral.name;
      EXPECT_LE(rule.target_shift + rule.width, 32u) << peripheral.name;
      EXPECT_LE(rule.source_shift + rule.width, 32u) << peripheral.name;
    }
  }
}

TEST_P(EveryStm32, AnswersTheClockSwitchAndEveryReadyBit) {
  const PeripheralModel* rcc = mcu_.find_peripheral("RCC");
  ASSERT_NE(rcc, nullptr);
  // HAL code waits for the system clock switch, the PLL (CR bits 24 and 25) and the crystal (16 and 17).
  const auto follows = [&](std::uint32_t target, std::uint32_t source) {
    return std::ranges::any_of(rcc->rules, [&](const FollowRule& rule) {
      return rule.target_offset == 0 && rule.source_offset == 0u && rule.target_shift == target &&
             rule.source_shift == source && rule.width == 1;
    });
  };
  EXPECT_TRUE(follows(25, 24)) << "PLL ready";
  EXPECT_TRUE(follows(17, 16)) << "HSE ready";
  EXPECT_TRUE(std::ranges::any_of(rcc->rules, [&](const FollowRule& rule) {
    return rule.width >= 2 && rule.source_offset == rule.target_offset && rule.source_shift == 0 &&
           rule.target_shift == rule.width;
  })) << "SWS follows SW";
}

TEST_P(EveryMcu, HasInterruptsInsideTheVectorTable) {
  EXPECT_GT(mcu_.interrupt_count, 16u);
  for (const PeripheralModel& peripheral : mcu_.peripherals) {
    EXPECT_LT(peripheral.interrupt, static_cast<int>(mcu_.interrupt_count)) << peripheral.name;
    for (const int number : peripheral.interrupts) {
      EXPECT_LT(number, static_cast<int>(mcu_.interrupt_count)) << peripheral.name;
    }
    if (peripheral.model == "exti") {
      EXPECT_EQ(peripheral.interrupts.size(), 16u) << "one for each pin number";
      continue;
    }
    const std::set<std::string> without = {"registers", "gpio", "crc", "intc"};
    if (without.contains(peripheral.model)) continue;
    // One of its own, or a list of them.
    EXPECT_NE(peripheral.interrupt >= 0, !peripheral.interrupts.empty()) << peripheral.name;
    for (const int number : peripheral.interrupts) EXPECT_GE(number, 0) << peripheral.name;
  }
}

TEST_P(EveryMcu, TellsTheWidthOfEachTimer) {
  for (const PeripheralModel& peripheral : mcu_.peripherals) {
    if (peripheral.model != "timer") continue;
    const auto reload = std::ranges::find(peripheral.registers, "ARR", &RegisterModel::name);
    ASSERT_NE(reload, peripheral.registers.end()) << peripheral.name;
    EXPECT_TRUE(reload->reset == 0xffff || reload->reset == 0xffffffff) << peripheral.name;
  }
}

TEST_P(EveryMcu, CanCountMicrosecondsWithoutACycleCounter) {
  if (mcu_.core.cycle_counter || mcu_.core.architecture == Architecture::vle) return;  // e200: a time base
  const PeripheralModel* timer = mcu_.find_peripheral("TIM2");
  ASSERT_NE(timer, nullptr);
  EXPECT_EQ(std::ranges::find(timer->registers, "ARR", &RegisterModel::name)->reset, 0xffffffffu)
      << "a core without CYCCNT needs a timer of 32 bits";
}

bool executes(const McuModel& mcu, std::string_view instruction_class) {
  const bool v6m = mcu.core.architecture == Architecture::v6m;
  constexpr std::array<std::string_view, 21> kV6m = {"alu",
                                                     "shift",
                                                     "extend",
                                                     "reverse",
                                                     "multiply",
                                                     "load",
                                                     "load_register",
                                                     "load_multiple",
                                                     "store",
                                                     "store_register",
                                                     "store_multiple",
                                                     "branch",
                                                     "branch_conditional",
                                                     "branch_link",
                                                     "branch_register",
                                                     "nop",
                                                     "wait",
                                                     "status",
                                                     "system",
                                                     "barrier",
                                                     "exception"};
  constexpr std::array<std::string_view, 5> kDsp = {"extend_add", "pack", "simd", "dsp_multiply",
                                                    "dsp_accumulate"};
  if (v6m) return std::ranges::find(kV6m, instruction_class) != kV6m.end();
  if (instruction_class.starts_with("fp64_")) return mcu.fpu == Fpu::fpv5_dp;
  if (instruction_class.starts_with("fp_")) return mcu.fpu != Fpu::none;
  if (std::ranges::find(kDsp, instruction_class) != kDsp.end()) return mcu.core.dsp;
  return true;
}

TEST_P(EveryStm32, HasACostForEachClassItExecutesAndForNoOtherName) {
  for (const std::string_view name : emulator::kInstructionClassNames) {
    EXPECT_TRUE(!executes(mcu_, name) || mcu_.core.costs.contains(std::string(name))) << name;
  }
  for (const auto& [name, cost] : mcu_.core.costs) {
    EXPECT_TRUE(emulator::instruction_class_named(name)) << name;
    EXPECT_GT(cost.base + cost.per_item + cost.taken, 0u) << name << " is free";
  }
}

TEST_P(EveryStm32, HasTheFpuAndDspItsArchitectureAllows) {
  const Architecture architecture = mcu_.core.architecture;
  const bool with_fpu = architecture == Architecture::v7em || architecture == Architecture::v8m_main;
  EXPECT_EQ(mcu_.fpu != Fpu::none, with_fpu);
  EXPECT_EQ(mcu_.core.dsp, with_fpu);
  EXPECT_EQ(mcu_.core.cpuid >> 24, 0x41u) << "implementer Arm";
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, EveryMcu, testing::ValuesIn(mcu_names()),
                         [](const auto& test) { return test.param; });

INSTANTIATE_TEST_SUITE_P(BuiltIn, EveryStm32, testing::ValuesIn(stm32_names()),
                         [](const auto& test) { return test.param; });

TEST(McuNames, AreSortedAndComplete) {
  const std::vector<std::string> names = mcu_names();
  EXPECT_TRUE(std::ranges::is_sorted(names));
  for (const char* name : {"stm32f103", "stm32f407", "stm32f411", "stm32f446", "stm32f746", "stm32g0b1",
                           "stm32g474", "stm32h743", "stm32h7a3", "stm32l476", "stm32l4r5", "stm32u575"}) {
    EXPECT_TRUE(std::ranges::binary_search(names, name)) << name;
  }
}

TEST(PartOverFamily, OverridesOnlyWhatItNames) {
  const McuModel f407 = load_mcu("stm32f407");
  const McuModel f446 = load_mcu("stm32f446");
  EXPECT_EQ(f407.max_clock, 168'000'000u);
  EXPECT_EQ(f446.max_clock, 180'000'000u);
  EXPECT_NE(f407.find_peripheral("RNG"), nullptr);
  EXPECT_EQ(f446.find_peripheral("RNG"), nullptr) << "listed as absent";
  const auto& rules407 = f407.find_peripheral("RCC")->rules;
  const auto& rules446 = f446.find_peripheral("RCC")->rules;
  EXPECT_EQ(rules446.size(), rules407.size() + 1) << "a part's rules are added to the family's";
  EXPECT_EQ(f446.find_peripheral("DBGMCU")->registers[0].reset & 0xfff, 0x421u);
  EXPECT_EQ(f407.find_peripheral("DBGMCU")->registers[0].reset & 0xfff, 0x413u);
}

TEST(PartOverFamily, OverridesTheCoreToo) {
  EXPECT_EQ(load_mcu("stm32f103").core.mpu_regions, 0u);
  EXPECT_EQ(load_mcu("stm32h743").core.mpu_regions, 16u);
  EXPECT_EQ(load_mcu("stm32f746").core.mpu_regions, 8u);
}

TEST(BlockUnderPeripheral, GivesRegistersThatThePortCompletes) {
  const McuModel mcu = load_mcu("stm32h743");
  const PeripheralModel* a = mcu.find_peripheral("GPIOA");
  const PeripheralModel* k = mcu.find_peripheral("GPIOK");
  ASSERT_TRUE(a && k);
  EXPECT_EQ(a->registers.size(), k->registers.size());
  EXPECT_EQ(a->registers[0].reset, 0xabffffffu);
  EXPECT_EQ(k->registers[0].reset, 0xffffffffu);
}

}  // namespace
}  // namespace mcusim::mcu_models
