#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "mcu_models/mcu_model.h"

namespace mcusim::mcu_models {
namespace {

/// Bits of a register; the field's meaning is (bits + add) * scale.
struct Field {
  const char* reg;
  unsigned shift;
  unsigned width;
  unsigned add = 0;
  unsigned scale = 1;
};

/// Where a family keeps its PLL's factors: output = input / m * n / p (RCC chapters of the manuals).
struct PllLayout {
  Hertz internal;  ///< Of HSI, as it enters the PLL.
  Field source;    ///< Equals `hse` for the external oscillator.
  unsigned hse;
  Field m;
  Field n;
  Field p;
  Field system;  ///< SWS, which must equal `selected`.
  unsigned selected;
};

const std::map<std::string, PllLayout> kPlls = {
    {"stm32f1",
     {4'000'000,
      {"CFGR", 16, 1},
      1,
      {"CFGR", 17, 1, 1},
      {"CFGR", 18, 4, 2},
      {"CFGR", 31, 1, 1},
      {"CFGR", 0, 2},
      2}},
    {"stm32f4",
     {16'000'000,
      {"PLLCFGR", 22, 1},
      1,
      {"PLLCFGR", 0, 6},
      {"PLLCFGR", 6, 9},
      {"PLLCFGR", 16, 2, 1, 2},
      {"CFGR", 0, 2},
      2}},
    {"stm32f7",
     {16'000'000,
      {"PLLCFGR", 22, 1},
      1,
      {"PLLCFGR", 0, 6},
      {"PLLCFGR", 6, 9},
      {"PLLCFGR", 16, 2, 1, 2},
      {"CFGR", 0, 2},
      2}},
    {"stm32l4",
     {16'000'000,
      {"PLLCFGR", 0, 2},
      3,
      {"PLLCFGR", 4, 3, 1},
      {"PLLCFGR", 8, 7},
      {"PLLCFGR", 25, 2, 1, 2},
      {"CFGR", 0, 2},
      3}},
    {"stm32l4plus",
     {16'000'000,
      {"PLLCFGR", 0, 2},
      3,
      {"PLLCFGR", 4, 4, 1},
      {"PLLCFGR", 8, 7},
      {"PLLCFGR", 25, 2, 1, 2},
      {"CFGR", 0, 2},
      3}},
    {"stm32g4",
     {16'000'000,
      {"PLLCFGR", 0, 2},
      3,
      {"PLLCFGR", 4, 4, 1},
      {"PLLCFGR", 8, 7},
      {"PLLCFGR", 25, 2, 1, 2},
      {"CFGR", 0, 2},
      3}},
    {"stm32g0",
     {16'000'000,
      {"PLLCFGR", 0, 2},
      3,
      {"PLLCFGR", 4, 3, 1},
      {"PLLCFGR", 8, 7},
      {"PLLCFGR", 29, 3, 1},
      {"CFGR", 0, 3},
      2}},
    {"stm32h7",
     {64'000'000,
      {"PLLCKSELR", 0, 2},
      2,
      {"PLLCKSELR", 4, 6},
      {"PLL1DIVR", 0, 9, 1},
      {"PLL1DIVR", 9, 7, 1},
      {"CFGR", 0, 3},
      3}},
    {"stm32h7ab",
     {64'000'000,
      {"PLLCKSELR", 0, 2},
      2,
      {"PLLCKSELR", 4, 6},
      {"PLL1DIVR", 0, 9, 1},
      {"PLL1DIVR", 9, 7, 1},
      {"CFGR", 0, 3},
      3}},
    {"stm32u5",
     {16'000'000,
      {"PLL1CFGR", 0, 2},
      3,
      {"PLL1CFGR", 8, 4, 1},
      {"PLL1DIVR", 0, 9, 1},
      {"PLL1DIVR", 24, 7, 1},
      {"CFGR1", 0, 2},
      3}},
};

/// Dividers between system clock and UART: AHB (4 bits, 1xxx divides) and the UART's APB (3 bits, 1xx).
struct BusLayout {
  Field ahb;
  Field apb;
  bool core_before_ahb = false;  ///< H7: the core runs ahead of the AHB divider.
};

const std::map<std::string, BusLayout> kBuses = {
    {"stm32f1 USART2", {{"CFGR", 4, 4}, {"CFGR", 8, 3}}},
    {"stm32f4 USART2", {{"CFGR", 4, 4}, {"CFGR", 10, 3}}},
    {"stm32f7 USART1", {{"CFGR", 4, 4}, {"CFGR", 13, 3}}},
    {"stm32f7 USART3", {{"CFGR", 4, 4}, {"CFGR", 10, 3}}},
    {"stm32l4 USART2", {{"CFGR", 4, 4}, {"CFGR", 8, 3}}},
    {"stm32l4plus LPUART1", {{"CFGR", 4, 4}, {"CFGR", 8, 3}}},
    {"stm32g4 LPUART1", {{"CFGR", 4, 4}, {"CFGR", 8, 3}}},
    {"stm32g0 USART2", {{"CFGR", 8, 4}, {"CFGR", 12, 3}}},
    {"stm32h7 USART3", {{"D1CFGR", 0, 4}, {"D2CFGR", 4, 3}, true}},
    {"stm32h7ab USART3", {{"CDCFGR1", 0, 4}, {"CDCFGR2", 4, 3}, true}},
    {"stm32u5 USART1", {{"CFGR2", 0, 4}, {"CFGR2", 8, 3}}},
};

/// The registers of RCC after the board's start-up steps.
class ClockRegisters {
 public:
  ClockRegisters(const McuModel& mcu, const BoardModel& board) {
    for (const RegisterModel& reg : mcu.find_peripheral("RCC")->registers) values_[reg.name] = reg.reset;
    for (const StartupStep& step : board.startup) {
      if (step.peripheral != "RCC" || step.kind == StartupStep::Kind::wait) continue;
      std::uint32_t& value = values_.at(step.register_name);
      const std::uint32_t mask = step.kind == StartupStep::Kind::write ? ~0u : step.mask;
      value = (value & ~mask) | step.value;
    }
  }
  unsigned operator[](const Field& field) const {
    return (((values_.at(field.reg) >> field.shift) & ((1u << field.width) - 1)) + field.add) * field.scale;
  }

 private:
  std::map<std::string, std::uint32_t> values_;
};

unsigned ahb_divider(unsigned bits) {
  constexpr unsigned kDividers[] = {2, 4, 8, 16, 64, 128, 256, 512};
  return bits < 8 ? 1 : kDividers[bits - 8];
}

unsigned apb_divider(unsigned bits) { return bits < 4 ? 1 : 2u << (bits - 4); }

class BoardClock : public ::testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(BoardClock, FileTellsWhatItsStepsProgram) {
  const McuModel mcu = load_mcu(GetParam().first);
  const BoardModel board = load_board(mcu, GetParam().second);
  const PllLayout& pll = kPlls.at(mcu.family);
  const BusLayout& bus = kBuses.at(mcu.family + " " + board.console.peripheral);
  const ClockRegisters registers(mcu, board);

  EXPECT_EQ(registers[pll.system], pll.selected);
  const Hertz input = registers[pll.source] == pll.hse ? board.oscillator : pll.internal;
  const Hertz system = input / registers[pll.m] * registers[pll.n] / registers[pll.p];
  const Hertz ahb = system / ahb_divider(registers[bus.ahb]);
  EXPECT_EQ(bus.core_before_ahb ? system : ahb, board.core_clock);
  EXPECT_EQ(ahb / apb_divider(registers[bus.apb]), board.console.clock);
}

INSTANTIATE_TEST_SUITE_P(
    All, BoardClock,
    ::testing::Values(std::pair{"stm32f103", "nucleo-f103rb"}, std::pair{"stm32f407", "disco-f407vg"},
                      std::pair{"stm32f411", "nucleo-f411re"}, std::pair{"stm32f446", "nucleo-f446re"},
                      std::pair{"stm32f746", "disco-f746ng"}, std::pair{"stm32f746", "nucleo-f746zg"},
                      std::pair{"stm32g0b1", "nucleo-g0b1re"}, std::pair{"stm32g474", "nucleo-g474re"},
                      std::pair{"stm32h743", "nucleo-h743zi"}, std::pair{"stm32h7a3", "nucleo-h7a3zi-q"},
                      std::pair{"stm32l476", "nucleo-l476rg"}, std::pair{"stm32l4r5", "nucleo-l4r5zi"},
                      std::pair{"stm32u575", "nucleo-u575zi-q"}),
    [](const auto& test) {
      return test.param.first + (test.param.second == "nucleo-f746zg" ? "_nucleo" : "");
    });

}  // namespace
}  // namespace mcusim::mcu_models
