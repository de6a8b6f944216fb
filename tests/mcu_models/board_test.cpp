#include <gtest/gtest.h>

#include <algorithm>

#include "common/error.h"
#include "mcu_models/library.h"

namespace mcusim::mcu_models {
namespace {

/// A board's MCU is in its file; the public interface asks for the MCU first.
McuModel mcu_of_board(const std::string& board) {
  const Node document = Library::builtin().load(Folder::boards, board, nullptr, "");
  return load_mcu(*document.as<Node::Table>()->at("mcu").as<std::string>());
}

class EveryBoard : public testing::TestWithParam<std::string> {
 protected:
  McuModel mcu_ = mcu_of_board(GetParam());
  BoardModel board_ = load_board(mcu_, GetParam());
};

TEST_P(EveryBoard, ResolvesEachStepToARegisterOfItsMcu) {
  EXPECT_FALSE(board_.startup.empty());
  for (const StartupStep& step : board_.startup) {
    const PeripheralModel* peripheral = mcu_.find_peripheral(step.peripheral);
    ASSERT_NE(peripheral, nullptr) << step.peripheral;
    const auto reg = std::ranges::find(peripheral->registers, step.register_name, &RegisterModel::name);
    ASSERT_NE(reg, peripheral->registers.end()) << step.register_name;
    EXPECT_EQ(step.address, peripheral->base + reg->offset);
    EXPECT_FALSE(step.why.empty());
  }
}

/// Plays the steps on the registers as their rules have them: a wait that never ends would hang both the
/// emulated and the real part.
TEST_P(EveryBoard, WaitsOnlyForBitsThatTheModelSets) {
  std::map<Address, std::uint32_t> words;
  for (const PeripheralModel& peripheral : mcu_.peripherals) {
    for (const RegisterModel& reg : peripheral.registers) words[peripheral.base + reg.offset] = reg.reset;
  }
  const auto read = [&](const StartupStep& step) {
    const PeripheralModel& peripheral = *mcu_.find_peripheral(step.peripheral);
    std::uint32_t value = words[step.address];
    for (const FollowRule& rule : peripheral.rules) {
      if (peripheral.base + rule.target_offset != step.address) continue;
      const std::uint32_t mask = rule.width == 32 ? 0xffffffff : (1u << rule.width) - 1;
      const std::uint32_t bits = rule.source_offset
                                     ? words[peripheral.base + *rule.source_offset] >> rule.source_shift
                                     : rule.constant;
      value = (value & ~(mask << rule.target_shift)) | (bits & mask) << rule.target_shift;
    }
    return value;
  };
  for (const StartupStep& step : board_.startup) {
    if (step.kind == StartupStep::Kind::wait) {
      EXPECT_EQ(read(step) & step.mask, step.value)
          << step.peripheral << "." << step.register_name << ": " << step.why;
    } else {
      words[step.address] = (words[step.address] & ~step.mask) | step.value;
    }
  }
}

TEST_P(EveryBoard, HasAConsoleThatItsClockCanDrive) {
  const PeripheralModel* uart = mcu_.find_peripheral(board_.console.peripheral);
  ASSERT_NE(uart, nullptr);
  EXPECT_GE(board_.console.clock, 3u * board_.console.baud);
  EXPECT_LE(board_.core_clock, mcu_.max_clock);
  EXPECT_NE(board_.console.tx_pin, board_.console.rx_pin);
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, EveryBoard, testing::ValuesIn(Library::builtin().names(Folder::boards)),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(DefaultBoard, OfEveryMcuCarriesThatMcu) {
  for (const std::string& name : mcu_names()) {
    const McuModel mcu = load_mcu(name);
    EXPECT_EQ(load_board(mcu, "").name, mcu.default_board) << name;
  }
}

TEST(Board, OfAnotherMcuIsRefused) {
  const McuModel mcu = load_mcu("stm32f446");
  try {
    load_board(mcu, "nucleo-h743zi");
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("carries stm32h743, not stm32f446"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace mcusim::mcu_models
