#include "emulator/machine.h"

#include <gtest/gtest.h>

#include "common/error.h"
#include "tests/emulator/test_mcu.h"

namespace mcusim::emulator {
namespace {

std::string program(const std::string& name) { return std::string(MCUSIM_TEST_PROGRAMS "/") + name + ".elf"; }

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

}  // namespace
}  // namespace mcusim::emulator
