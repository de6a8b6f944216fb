#include <gtest/gtest.h>

#include <string>

#include "emulator/machine.h"
#include "mcu_models/mcu_model.h"

// What spans core, bus and several peripherals, by a program on an STM32F407.

namespace mcusim::emulator {
namespace {

enum Scenario : std::uint32_t { remap, execute_ccm, system_reset, copy_code, drive_pins, program_flash };

struct Board : ::testing::TestWithParam<std::string> {
  Board()
      : mcu(mcu_models::load_mcu("stm32f407")),
        machine(mcu, mcu_models::load_board(mcu, ""), {.timing = GetParam()}),
        image(load_image(MCUSIM_TEST_PROGRAMS "/board.elf")) {
    machine.load(image);
  }
  Stop run(Scenario scenario) {
    machine.bus().write(image.find_symbol("scenario")->address, 4, scenario);
    return machine.run({.cycles = 100'000'000});
  }
  std::uint32_t result(unsigned number) {
    return machine.bus().read(image.find_symbol("results")->address + 4 * number, 4).value;
  }

  mcu_models::McuModel mcu;
  Machine machine;
  Image image;
};

INSTANTIATE_TEST_SUITE_P(Timing, Board, testing::Values("off", "table", "full"),
                         [](const auto& timing) { return timing.param; });

TEST_P(Board, TheMemoryAtZeroChangesWithTheNextInstruction) {
  const Stop stop = run(remap);
  ASSERT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(result(0), 2u) << "flash";
  EXPECT_EQ(result(1), 1u) << "SRAM, at the same address";
  EXPECT_NE(result(2), 0u);
  EXPECT_EQ(result(3), 0x12345678u) << "written through the alias";
  EXPECT_EQ(result(4), 2u) << "flash again";
}

TEST_P(Board, CodeInMemoryWithoutInstructionBusIsABusFault) {
  const Stop stop = run(execute_ccm);
  ASSERT_EQ(stop.reason, StopReason::fault) << stop.detail;
  EXPECT_EQ(result(0), 0x47702001u) << "data is no matter";
  EXPECT_EQ(result(1), 0u);
  EXPECT_EQ(result(2), 1u << 8) << "IBUSERR";
}

TEST_P(Board, ASystemResetResetsPeripheralsAndClocksAndTellsItsCause) {
  const Stop stop = run(system_reset);
  ASSERT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(result(7), 2u) << "it started twice";
  EXPECT_EQ(result(0), 0x0e000000u) << "power on";
  EXPECT_EQ(result(4), 0x1e000000u) << "and by software";
  EXPECT_EQ(result(5), result(1)) << "the port is as after power-on";
  EXPECT_EQ(result(6) & 0xffff, 0u) << "the system clock is HSI again";
  EXPECT_EQ(result(6) >> 16 & 1, 1u) << "the backup domain stays";
  EXPECT_EQ(machine.clock(), 16'000'000u);
}

TEST_P(Board, CodeThatDmaBringsIsExecuted) {
  const Stop stop = run(copy_code);
  ASSERT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(result(0), 1u);
  EXPECT_EQ(result(1), 7u);
  EXPECT_EQ(result(2), 2u) << "each copy interrupted once";
}

TEST_P(Board, AnOutputPinRaisesTheExternalInterruptOfItsPortAndEdge) {
  const Stop stop = run(drive_pins);
  ASSERT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(result(1), 0u) << "another port";
  EXPECT_EQ(result(2), 1u) << "rising";
  EXPECT_EQ(result(3), 1u) << "falling is not selected";
  EXPECT_EQ(result(4), 3u) << "both";
}

TEST_P(Board, FlashChangesOnlyThroughItsInterface) {
  const Stop stop = run(program_flash);
  ASSERT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(result(0), 0xffffffffu);
  EXPECT_EQ(result(1), 1u << 7) << "PGSERR";
  EXPECT_EQ(result(2), 1u) << "busy was seen";
  EXPECT_EQ(result(3), 0x12345678u);
  EXPECT_EQ(result(4), 0xffffffffu);
}

}  // namespace
}  // namespace mcusim::emulator
