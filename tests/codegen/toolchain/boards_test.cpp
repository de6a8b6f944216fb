#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "mcu_models/mcu_model.h"

namespace mcusim::mcu_models {
namespace {

/// A board and its MCU, by the names of all files in mcu_models/boards.
struct Loaded {
  McuModel mcu;
  BoardModel board;
};

std::vector<std::string> board_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(MCUSIM_SOURCE_DIR "/mcu_models/boards")) {
    const std::string name = entry.path().stem();
    if (entry.path().extension() == ".toml" && !name.starts_with("spc58")) names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

Loaded load(const std::string& board_name) {
  for (const std::string& mcu_name : mcu_names()) {
    const McuModel mcu = load_mcu(mcu_name);
    try {
      return {mcu, load_board(mcu, board_name)};
    } catch (const std::exception& error) {
      if (std::string(error.what()).find("carries") == std::string::npos) throw;
    }
  }
  throw std::runtime_error(board_name + ": no MCU is on it");
}

/// The first step whose place in the order matters; the number of steps when there is none.
std::size_t find_step(const BoardModel& board, StartupStep::Kind kind, const std::string& peripheral,
                      const std::string& register_prefix, std::uint32_t mask) {
  const auto found = std::ranges::find_if(board.startup, [&](const StartupStep& step) {
    return step.kind == kind && step.peripheral == peripheral &&
           step.register_name.starts_with(register_prefix) && step.mask == mask;
  });
  return static_cast<std::size_t>(found - board.startup.begin());
}

std::size_t system_clock_switch(const BoardModel& board) {
  const std::size_t three_bits = find_step(board, StartupStep::Kind::modify, "RCC", "CFGR", 0x7);
  const std::size_t two_bits = find_step(board, StartupStep::Kind::modify, "RCC", "CFGR", 0x3);
  return std::min(three_bits, two_bits);
}

class Boards : public ::testing::TestWithParam<std::string> {};

TEST_P(Boards, FileLoadsAndNamesItself) {
  const Loaded loaded = load(GetParam());
  EXPECT_EQ(loaded.board.name, GetParam());
  EXPECT_EQ(loaded.board.mcu, loaded.mcu.name);
  EXPECT_FALSE(loaded.board.startup.empty());
}

TEST_P(Boards, CoreRunsNearTheHighestClock) {
  const Loaded loaded = load(GetParam());
  EXPECT_LE(loaded.board.core_clock, loaded.mcu.max_clock);
  EXPECT_GE(loaded.board.core_clock * 10, loaded.mcu.max_clock * 8);
}

TEST_P(Boards, WaitStatesAreInForceBeforeTheClockRises) {
  const BoardModel board = load(GetParam()).board;
  const std::size_t clock = system_clock_switch(board);
  ASSERT_LT(clock, board.startup.size());
  const auto is_flash = [](const StartupStep& step) {
    return step.peripheral == "FLASH" && step.register_name == "ACR";
  };
  const auto written = std::ranges::find_if(board.startup, is_flash);
  ASSERT_NE(written, board.startup.end());
  ASSERT_EQ(written->kind, StartupStep::Kind::modify);
  const auto waited = std::next(written);
  ASSERT_TRUE(is_flash(*waited) && waited->kind == StartupStep::Kind::wait);
  EXPECT_EQ(waited->value, written->value & waited->mask);
  EXPECT_LT(waited - board.startup.begin(), static_cast<std::ptrdiff_t>(clock));
}

TEST_P(Boards, BusDividersAreSetBeforeTheClockRises) {
  const BoardModel board = load(GetParam()).board;
  const std::size_t clock = system_clock_switch(board);
  // After the switch a divider may only return to 1 for the core's own bus, as the boost ranges want it.
  for (std::size_t i = clock + 1; i < board.startup.size(); ++i) {
    const StartupStep& step = board.startup[i];
    const bool divider = step.peripheral == "RCC" && step.register_name.find("CFGR") != std::string::npos &&
                         step.kind != StartupStep::Kind::wait;
    EXPECT_TRUE(!divider || step.value == 0) << step.why;
  }
}

TEST_P(Boards, EveryFlagThatIsWaitedForHasItsCauseBefore) {
  const Loaded loaded = load(GetParam());
  std::set<std::string> touched;
  for (const StartupStep& step : loaded.board.startup) {
    // A flag of a block is waited for only after something in the block was asked for, except flags that end
    // what reset began.
    if (step.kind == StartupStep::Kind::wait) {
      EXPECT_TRUE(touched.contains(step.peripheral) || step.why.find("after reset") != std::string::npos)
          << step.peripheral << "." << step.register_name << ": " << step.why;
    }
    touched.insert(step.peripheral);
  }
}

TEST_P(Boards, PinsAreConnectedAfterThePortAndTheUartHaveTheirClock) {
  const BoardModel board = load(GetParam()).board;
  const auto first_pin = std::ranges::find_if(
      board.startup, [](const StartupStep& step) { return step.peripheral.starts_with("GPIO"); });
  ASSERT_NE(first_pin, board.startup.end());
  const auto enables = std::count_if(board.startup.begin(), first_pin, [](const StartupStep& step) {
    return step.peripheral == "RCC" && step.register_name.find("EN") != std::string::npos &&
           (step.why.find("GPIO") != std::string::npos || step.why.find("ART") != std::string::npos);
  });
  EXPECT_EQ(enables, 2) << "one for the port, one for the UART";
  EXPECT_EQ(first_pin->peripheral, std::string("GPIO") + board.console.tx_pin[1]);
}

INSTANTIATE_TEST_SUITE_P(All, Boards, ::testing::ValuesIn(board_names()), [](const auto& test) {
  std::string name = test.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(UsualBoards, EveryMcuHasOne) {
  for (const std::string& name : mcu_names()) {
    const McuModel mcu = load_mcu(name);
    EXPECT_NO_THROW(load_board(mcu, "")) << name;
  }
}

}  // namespace
}  // namespace mcusim::mcu_models
