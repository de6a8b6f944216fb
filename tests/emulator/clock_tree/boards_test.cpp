#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/emulator/clock_tree/programmed_mcu.h"
#include "tests/stm32_names.h"

namespace mcusim::emulator::clock_tree {
namespace {

std::vector<std::filesystem::path> board_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(MCUSIM_SOURCE_DIR "/mcu_models/boards")) {
    // SPC58 has no clock tree here.
    const bool spc58 = entry.path().stem().string().starts_with("spc58");
    if (entry.path().extension() == ".toml" && !spc58) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

/// The MCU that carries this board.
mcu_models::BoardModel load(const std::filesystem::path& file) {
  for (const std::string& name : mcu_models::mcu_names()) {
    try {
      return mcu_models::load_board(mcu_models::load_mcu(name), file.string());
    } catch (const std::exception& error) {
      if (std::string(error.what()).find("carries") == std::string::npos) throw;
    }
  }
  throw std::runtime_error(file.string() + ": no built-in MCU fits");
}

class EveryBoard : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(EveryBoard, StartUpReachesTheClocksThatItsFileNames) {
  const mcu_models::BoardModel board = load(GetParam());
  ProgrammedMcu mcu(board.mcu, board.oscillator);
  for (const mcu_models::StartupStep& step : board.startup) {
    const std::uint32_t offset =
        static_cast<std::uint32_t>(step.address - mcu.mcu().find_peripheral(step.peripheral)->base);
    const std::uint32_t old = mcu.read(step.peripheral, offset);
    if (step.kind == mcu_models::StartupStep::Kind::wait) {
      EXPECT_EQ(old & step.mask, step.value)
          << step.peripheral << "." << step.register_name << ": " << step.why;
    } else {
      mcu.write(step.peripheral, offset, (old & ~step.mask) | step.value);
    }
  }
  const Clocks clocks = mcu.clocks();
  EXPECT_EQ(clocks.core, board.core_clock);
  ASSERT_TRUE(clocks.kernels.contains(board.console.peripheral));
  EXPECT_EQ(clocks.kernels.at(board.console.peripheral), board.console.clock);
}

INSTANTIATE_TEST_SUITE_P(Boards, EveryBoard, testing::ValuesIn(board_files()), [](const auto& instance) {
  std::string name = instance.param.stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
});

class EveryMcu : public testing::TestWithParam<std::string> {};

TEST_P(EveryMcu, RunsFromItsInternalOscillatorAfterReset) {
  ProgrammedMcu mcu(GetParam(), 8'000'000);
  // Data sheets: MSI at 4 MHz on L4 and U5, HSI elsewhere.
  const std::map<std::string, Hertz> expected = {
      {"stm32f1", 8'000'000},    {"stm32f4", 16'000'000}, {"stm32f7", 16'000'000},    {"stm32g0", 16'000'000},
      {"stm32g4", 16'000'000},   {"stm32l4", 4'000'000},  {"stm32l4plus", 4'000'000}, {"stm32h7", 64'000'000},
      {"stm32h7ab", 64'000'000}, {"stm32u5", 4'000'000}};
  const Hertz reset = expected.at(mcu.mcu().family);
  const Clocks clocks = mcu.clocks();
  EXPECT_EQ(clocks.system, reset);
  EXPECT_EQ(clocks.core, reset);
  EXPECT_EQ(clocks.ahb, reset);
  EXPECT_EQ(clocks.systick_external, reset / 8);
  for (const Clocks::Bus& bus : clocks.apb) {
    EXPECT_EQ(bus.peripherals, reset) << bus.name;
    EXPECT_EQ(bus.timers, reset) << bus.name;
  }
  // A name here means that the table's multiplexers and buses were found for every UART and timer.
  for (const mcu_models::PeripheralModel& peripheral : mcu.mcu().peripherals) {
    const bool clocked =
        peripheral.model == "timer" || peripheral.model.starts_with("usart") || peripheral.model == "lpuart";
    if (clocked) {
      EXPECT_EQ(clocks.kernels.count(peripheral.name), 1u) << peripheral.name;
    }
    if (clocked && clocks.kernels.contains(peripheral.name)) {
      EXPECT_EQ(clocks.kernels.at(peripheral.name), reset) << peripheral.name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Mcus, EveryMcu, testing::ValuesIn(stm32_names()),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace mcusim::emulator::clock_tree
