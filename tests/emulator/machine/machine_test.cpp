#include "emulator/machine.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "tests/emulator/machine/routine_runner.h"

namespace mcusim::emulator {
namespace {

template <typename Work>
std::string error_of(Work work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Machine, AProgramPrintsOverTheConsoleAndEndsInABranchToItself) {
  std::string console;
  Machine machine(test_mcu(), test_board(), {.console = [&](std::string_view text) { console += text; }});
  const Image image = load_image(program("hello"));
  machine.load(image);
  const Stop stop = machine.run({.cycles = 100'000});
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(console, "hello 42\n");
  // The program's own reading of the cycle counter lies inside the run.
  const Symbol* cycles = image.find_symbol("cycles");
  ASSERT_NE(cycles, nullptr);
  const std::uint32_t measured = machine.bus().read(cycles->address, 4).value;
  EXPECT_GT(measured, 100u);
  EXPECT_LT(measured, machine.engine().counters().cycles);
}

TEST(Machine, TwoRunsGiveTheSameCountersAndBytes) {
  struct Result {
    std::string console;
    Counters counters;
    std::vector<std::uint8_t> ram;
  } results[2];
  for (Result& result : results) {
    Machine machine(test_mcu(), test_board(),
                    {.console = [&](std::string_view text) { result.console += text; }});
    machine.load(load_image(program("hello")));
    machine.run({.cycles = 100'000});
    result.counters = machine.engine().counters();
    result.ram.resize(64 * 1024);
    ASSERT_TRUE(machine.bus().fetch(0x20000000, result.ram.data(), result.ram.size()));
  }
  EXPECT_EQ(results[0].console, results[1].console);
  EXPECT_EQ(results[0].counters.cycles, results[1].counters.cycles);
  EXPECT_EQ(results[0].counters.instructions, results[1].counters.instructions);
  EXPECT_EQ(results[0].ram, results[1].ram);
}

TEST(Machine, LoadingAgainStartsAfresh) {
  std::string console;
  Machine machine(test_mcu(), test_board(), {.console = [&](std::string_view text) { console += text; }});
  const Image image = load_image(program("hello"));
  machine.load(image);
  machine.run({.cycles = 100'000});
  const Cycles first = machine.engine().counters().cycles;
  machine.load(image);
  EXPECT_EQ(machine.engine().counters().cycles, 0u);
  EXPECT_EQ(machine.run({.cycles = 100'000}).reason, StopReason::self_branch);
  EXPECT_EQ(machine.engine().counters().cycles, first);
  EXPECT_EQ(console, "hello 42\nhello 42\n");
}

TEST(Machine, ASegmentOutsideTheMemoriesIsRefusedWithTheMemories) {
  Machine machine(test_mcu(), test_board(), {});
  Image image;
  image.file = "far.elf";
  image.segments = {{0x90000000, std::vector<std::uint8_t>(16)}};
  const std::string text = error_of([&] { machine.load(image); });
  EXPECT_TRUE(text.starts_with("far.elf: segment at 0x90000000 of 16 bytes")) << text;
  EXPECT_NE(text.find("FLASH 0x08000000-0x0801ffff"), std::string::npos) << text;
  EXPECT_NE(text.find("SRAM1 0x20000000-0x2000ffff"), std::string::npos) << text;
  // Only the last byte lies outside.
  image.segments = {{0x0801fff1, std::vector<std::uint8_t>(16)}};
  EXPECT_NE(error_of([&] { machine.load(image); }), "");
}

TEST(Machine, ASegmentMayReachFromOneMemoryIntoTheNext) {
  mcu_models::McuModel mcu = test_mcu();
  mcu.memory.push_back({"SRAM2", mcu_models::MemoryKind::ram, 0x20010000, 4096, true, {}});
  Machine machine(mcu, test_board(), {});
  Image image;
  image.file = "two.elf";
  image.segments = {{0x2000fffe, {1, 2, 3, 4}}};
  machine.load(image);
  EXPECT_EQ(machine.bus().read(0x2000fffe, 2).value, 0x0201u);
  EXPECT_EQ(machine.bus().read(0x20010000, 2).value, 0x0403u);
}

TEST(Machine, UnknownEnginesModelsAndConsolesAreRefused) {
  EXPECT_NE(error_of([] { Machine(test_mcu(), test_board(), {.engine = "qemu"}); }).find("unicorn"),
            std::string::npos);
  mcu_models::McuModel mcu = test_mcu();
  mcu.peripherals[0].model = "usart_v9";
  EXPECT_NE(error_of([&] { Machine(mcu, test_board(), {}); }).find("usart_v9"), std::string::npos);
  mcu_models::BoardModel board = test_board();
  board.console.peripheral = "USART9";
  EXPECT_NE(error_of([&] { Machine(test_mcu(), board, {}); }).find("USART9"), std::string::npos);
  mcu = test_mcu();
  mcu.core.name = "cortex-m85";
  EXPECT_NE(error_of([&] { Machine(mcu, test_board(), {.engine = "unicorn"}); }).find("cortex-m85"), std::string::npos);
  mcu = test_mcu();
  mcu.core.costs["teleport"] = {};
  EXPECT_NE(error_of([&] { Machine(mcu, test_board(), {}); }).find("teleport"), std::string::npos);
}

TEST(Machine, FlashShowsAtZeroUnlessAMemoryIsThere) {
  Machine with_alias(test_mcu(), test_board(), {});
  with_alias.load(load_image(program("hello")));
  EXPECT_EQ(with_alias.bus().read(4, 4).value, with_alias.bus().read(0x08000004, 4).value);
  mcu_models::McuModel mcu = test_mcu();
  mcu.memory.push_back({"ITCM", mcu_models::MemoryKind::itcm, 0, 16 * 1024, true, {}});
  Machine with_itcm(mcu, test_board(), {});
  with_itcm.load(load_image(program("hello")));
  EXPECT_EQ(with_itcm.bus().read(4, 4).value, 0u);
  EXPECT_EQ(with_itcm.run({.cycles = 100'000}).reason, StopReason::self_branch);
}

TEST(Machine, MemoriesThatFillNoWholePageAreReached) {
  mcu_models::McuModel mcu = test_mcu();
  // 64.5 KB: the program's stack still lies in whole pages, the last 512 bytes do not.
  mcu.memory[1].size = 64 * 1024 + 512;
  Machine machine(mcu, test_board(), {});
  Image image = load_image(program("routines"));
  machine.load(image);
  Registers registers = machine.engine().registers();
  registers.r[13] = registers.msp = 0x20010200;
  registers.r[15] = image.find_symbol("pop_pc")->address;
  machine.engine().set_registers(registers);
  EXPECT_EQ(machine.run({.cycles = 100}).reason, StopReason::self_branch);
  EXPECT_EQ(machine.bus().read(0x200101fc, 4).value, image.find_symbol("pop_pc_end")->address + 1);
}

class MachineDevices : public RoutineRunner {};

TEST_F(MachineDevices, OnlyTheConsoleOfTheBoardPrints) {
  run("old_usart");
  EXPECT_EQ(console_, "");
  mcu_models::BoardModel board = test_board();
  board.console.peripheral = "USART1";
  std::string console;
  Machine machine(test_mcu(), board, {.console = [&](std::string_view text) { console += text; }});
  machine.load(image_);
  Registers registers = machine.engine().registers();
  registers.r[15] = address("old_usart");
  machine.engine().set_registers(registers);
  EXPECT_EQ(machine.run({.cycles = 1000}).reason, StopReason::self_branch);
  EXPECT_EQ(console, "ok");
}

TEST_F(MachineDevices, WhatIsNotModelledIsListedOnceWithTheFirstUser) {
  const Stop stop = run("not_modelled");
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(reg(1), 0x40020c04u);  // It reads back what was written.
  const std::vector<std::string> expected = {
      fmt::format("0x40020c00 (first from {:#010x})", address("not_modelled_at")),
      "NVIC interrupts (this engine delivers none)"};
  EXPECT_EQ(machine_.not_modelled(), expected);
}

TEST_F(MachineDevices, ModelledPeripheralsAreNotListed) {
  run("timer");
  run("old_usart");
  run("cycle_counter");
  EXPECT_TRUE(machine_.not_modelled().empty());
}

TEST_F(MachineDevices, AnExceptionOfAConsoleReachesTheCaller) {
  Machine machine(test_mcu(), test_board(),
                  {.console = [](std::string_view) { throw InputError("console: closed; open it"); }});
  machine.load(load_image(program("hello")));
  EXPECT_EQ(error_of([&] { machine.run({.cycles = 100'000}); }), "console: closed; open it");
}

}  // namespace
}  // namespace mcusim::emulator
