// Every built-in MCU makes a machine, and its board's start-up goes through on the machine's own registers.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "emulator/machine.h"

namespace mcusim::emulator {
namespace {

class BuiltInMcus : public ::testing::TestWithParam<std::string> {};

TEST_P(BuiltInMcus, StartUpEndsAndUsesOnlyWhatIsModelled) {
  using Kind = mcu_models::StartupStep::Kind;
  const mcu_models::McuModel mcu = mcu_models::load_mcu(GetParam());
  const mcu_models::BoardModel board = mcu_models::load_board(mcu, "");
  Machine machine(mcu, board, {});
  Bus& bus = machine.bus();
  for (const mcu_models::StartupStep& step : board.startup) {
    const std::string name =
        fmt::format("{}.{} at {:#010x}", step.peripheral, step.register_name, step.address);
    const BusRead before = bus.read(step.address, 4);
    ASSERT_EQ(before.status, BusStatus::ok) << name;
    if (step.kind == Kind::wait) {
      EXPECT_EQ(before.value & step.mask, step.value) << name << " would be waited for without end";
    } else {
      const std::uint32_t kept = step.kind == Kind::modify ? before.value & ~step.mask : 0;
      ASSERT_EQ(bus.write(step.address, 4, kept | step.value), BusStatus::ok) << name;
    }
  }
  EXPECT_EQ(machine.not_modelled(), std::vector<std::string>{});
  EXPECT_EQ(machine.clock(), board.core_clock) << "as the registers say";
}

INSTANTIATE_TEST_SUITE_P(All, BuiltInMcus, ::testing::ValuesIn(mcu_models::mcu_names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace mcusim::emulator
