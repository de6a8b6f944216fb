#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "codegen/toolchain/toolchain.h"
#include "common/error.h"
#include "tests/codegen/toolchain/fixtures.h"

namespace mcusim::codegen {
namespace {

std::string source(const std::vector<SourceFile>& files, const std::string& name) {
  const auto found = std::ranges::find(files, name, &SourceFile::name);
  return found == files.end() ? "" : found->content;
}

std::vector<SourceFile> sources(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board) {
  return firmware_sources(tiny_network(), mcu, board, {});
}

std::string error_of(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board) {
  try {
    sources(mcu, board);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(FirmwareSources, EachStartupStepIsOneLineWithItsReason) {
  const std::string board = source(sources(hand_made_mcu(), hand_made_board()), "board.c");
  EXPECT_NE(board.find("  register_modify(0x58024400u, 0x00000001u, 0x00000001u); /* RCC.CR: HSI on */\n"
                       "  register_wait(0x58024400u, 0x00000004u, 0x00000004u); /* RCC.CR: HSIRDY */\n"
                       "  register_write(0x58024410u, 0x00000003u); "
                       "/* RCC.CFGR: _/ not the end /_ of _ the comment */\n"),
            std::string::npos)
      << board;
}

TEST(FirmwareSources, OnlyTheDriverOfTheConsoleIsThere) {
  const auto files = sources(hand_made_mcu(), hand_made_board());
  EXPECT_NE(source(files, "console_usart_v2.c"), "");
  EXPECT_EQ(source(files, "console_usart_v1.c"), "");
}

TEST(FirmwareSources, BaudDividerIsRoundedAndScaledForTheLowPowerUart) {
  mcu_models::BoardModel board = hand_made_board();
  EXPECT_NE(source(sources(hand_made_mcu(), board), "board.h").find("#define CONSOLE_BRR 868u"),
            std::string::npos);
  board.console.peripheral = "LPUART1";
  EXPECT_NE(source(sources(hand_made_mcu(), board), "board.h").find("#define CONSOLE_BRR 222222u"),
            std::string::npos);
}

TEST(FirmwareSources, ImpossibleConsoleIsRefused) {
  mcu_models::BoardModel board = hand_made_board();
  board.console.baud = 0;
  EXPECT_EQ(error_of(hand_made_mcu(), board),
            "bench: USART3 cannot make 0 baud of 100000000 Hz; change baud or clock_hz of the console");
  board.console.peripheral = "TIM2";
  EXPECT_EQ(error_of(hand_made_mcu(), board),
            "bench: console TIM2 is of kind timer; it must be usart_v1, usart_v2, lpuart or linflexd");
  board.console.peripheral = "USART9";
  EXPECT_EQ(error_of(hand_made_mcu(), board),
            "bench: console USART9 is not a peripheral of stm32h743; name one of its UARTs");
}

TEST(FirmwareSources, CoreWithoutCycleCounterUsesTimer2) {
  mcu_models::McuModel mcu = hand_made_mcu();
  mcu.core.cycle_counter = false;
  EXPECT_NE(
      source(sources(mcu, hand_made_board()), "board.h").find("#define CYCLE_COUNTER_ADDRESS 0x40000024u"),
      std::string::npos);
  std::erase_if(mcu.peripherals, [](const auto& peripheral) { return peripheral.name == "TIM2"; });
  EXPECT_EQ(error_of(mcu, hand_made_board()),
            "stm32h743: the core has no cycle counter and there is no TIM2 to replace it; "
            "add TIM2 to the MCU's file");
}

TEST(FirmwareSources, ArenaInAnotherMemoryGetsItsOwnRegion) {
  const std::string script = source(
      firmware_sources(network_of_size(300 << 10, 4), hand_made_mcu(), hand_made_board(), {}), "firmware.ld");
  EXPECT_NE(script.find("ARENA (rw) : ORIGIN = 0x24000000, LENGTH = 524288  /* AXI_SRAM */"),
            std::string::npos)
      << script;
  EXPECT_NE(script.find("} > ARENA :arena"), std::string::npos);
}

TEST(FirmwareSources, NamesAreUniqueEvenWithEveryKernel) {
  std::set<std::string> names;
  for (const SourceFile& file : sources(hand_made_mcu(), hand_made_board())) {
    EXPECT_TRUE(names.insert(file.name).second) << file.name;
  }
  for (const auto& entry : std::filesystem::directory_iterator(MCUSIM_SOURCE_DIR "/codegen/kernels")) {
    if (entry.path().extension() != ".c") continue;
    EXPECT_TRUE(names.insert(entry.path().filename()).second) << entry.path();
  }
}

TEST(FirmwareSources, TwiceTheSameIsTheSame) {
  const auto once = sources(hand_made_mcu(), hand_made_board());
  const auto again = sources(hand_made_mcu(), hand_made_board());
  ASSERT_EQ(once.size(), again.size());
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(once[i].content, again[i].content) << once[i].name;
}

}  // namespace
}  // namespace mcusim::codegen
