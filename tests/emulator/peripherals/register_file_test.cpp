#include "emulator/peripherals/register_file.h"

#include <gtest/gtest.h>

#include "emulator/peripherals/not_modelled.h"
#include "tests/stm32_names.h"

namespace mcusim::emulator {
namespace {

mcu_models::PeripheralModel clock_control() {
  mcu_models::PeripheralModel model;
  model.name = "RCC";
  model.registers = {{"CR", 0, 0x83}, {"CFGR", 8, 0}, {"CSR", 0x74, 0xe000000}};
  // CR.25 = CR.24, CFGR.3:2 = CFGR.1:0, CSR.1 = CFGR.0, CR.31:28 = 9
  model.rules = {{0, 25, 1, 0, 24, 0}, {8, 2, 2, 8, 0, 0}, {0x74, 1, 1, 8, 0, 0}, {0, 28, 4, {}, 0, 9}};
  return model;
}

TEST(RegisterFile, ReadsResetValuesThenWhatWasWrittenAtAnyWidth) {
  RegisterFile device(clock_control());
  EXPECT_EQ(device.read(0x74, 4), 0xe000000u);
  EXPECT_EQ(device.read(0x77, 1), 0x0eu);
  EXPECT_EQ(device.read(0x40, 4), 0u);
  device.write(0x40, 4, 0x11223344);
  device.write(0x41, 1, 0xff);
  device.write(0x42, 2, 0xabcd);
  EXPECT_EQ(device.read(0x40, 4), 0xabcdff44u);
  EXPECT_EQ(device.read(0x41, 2), 0xcdffu);
  device.write(0x43, 2, 0x5566);  // Across two registers.
  EXPECT_EQ(device.read(0x40, 4), 0x66cdff44u);
  EXPECT_EQ(device.read(0x44, 1), 0x55u);
  EXPECT_EQ(device.read(0x43, 2), 0x5566u);
}

TEST(RegisterFile, RulesReplaceBitsOfWhatIsRead) {
  RegisterFile device(clock_control());
  EXPECT_EQ(device.read(0, 4), 0x90000083u);
  device.write(0, 4, 1u << 24);
  EXPECT_EQ(device.read(0, 4), 0x93000000u);
  EXPECT_EQ(device.read(3, 1), 0x93u);
  device.write(0, 4, 1u << 25);  // Ready without on.
  EXPECT_EQ(device.read(0, 4), 0x90000000u);
  device.write(8, 4, 0x3);
  EXPECT_EQ(device.read(8, 4), 0xfu);
  EXPECT_EQ(device.read(0x74, 4), 0xe000002u) << "a rule may follow another register";
}

TEST(NotModelled, ReadsBackAndLogsEachBlockOnce) {
  NotModelledLog log;
  Address pc = 0x08000100;
  NotModelledDevice device(0x40000000, {.log = &log,
                                        .program_counter = [&] { return pc; },
                                        .name_of_block = [](Address address) -> std::string {
                                          return address == 0x40000400 ? "TIM3" : "";
                                        }});
  EXPECT_EQ(device.read(0x410, 4), 0u);
  pc = 0x08000200;
  device.write(0x7fc, 2, 0xbeef);
  device.write(0x1000, 4, 1);
  EXPECT_EQ(device.read(0x7fc, 4), 0xbeefu);
  EXPECT_EQ(log.list(), (std::vector<std::string>{"0x40001000 (first from 0x08000200)",
                                                  "TIM3 0x40000400 (first from 0x08000100)"}));
}

TEST(NotModelled, MemoryStaysBoundedWhenFirmwareWritesEverywhere) {
  RegisterStore store;
  for (std::uint32_t block = 0; block < RegisterStore::kLargestBlocks + 10; ++block) {
    store.write(block * RegisterStore::kBlockBytes, 4, 1);
  }
  EXPECT_EQ(store.word((RegisterStore::kLargestBlocks - 1) * RegisterStore::kBlockBytes), 1u);
  EXPECT_EQ(store.word(RegisterStore::kLargestBlocks * RegisterStore::kBlockBytes), 0u);
}

TEST(StandIn, IsListedOnceWithWhatIsMissingAndItsFirstUser) {
  NotModelledLog log;
  Address pc = 0x08000234;
  StandIn device(*mcu_models::load_mcu("stm32f407").find_peripheral("I2C1"), log, [&] { return pc; });
  EXPECT_TRUE(log.list().empty()) << "nobody has used it";
  device.write(0x00, 4, 1u << 8 | 1);
  pc = 0x08000300;
  EXPECT_EQ(device.read(0x14, 4) & (1u << 10 | 1), 1u << 10 | 1) << "started, and not acknowledged";
  EXPECT_EQ(device.read(0x00, 4), 1u) << "START clears itself";
  EXPECT_EQ(log.list(),
            std::vector<std::string>{"I2C1 0x40005400: no device answers (first from 0x08000234)"});
}

TEST(StandIn, EveryRealTimeClockCanBeSet) {
  for (const std::string& part : stm32_names()) {
    NotModelledLog log;
    const mcu_models::McuModel mcu = mcu_models::load_mcu(part);
    const mcu_models::PeripheralModel* model = mcu.find_peripheral("RTC");
    ASSERT_NE(model, nullptr) << part;
    StandIn rtc(*model, log, [] { return 0; });
    if (mcu.family == "stm32f1") {
      EXPECT_NE(rtc.read(0x04, 4) & 1u << 5, 0u) << "RTOFF: the last write is over";
      continue;
    }
    EXPECT_EQ(rtc.read(0x0c, 4) & 1u << 6, 0u) << part;
    rtc.write(0x0c, 4, 1u << 7);
    EXPECT_NE(rtc.read(0x0c, 4) & 1u << 6, 0u) << part << ": INITF follows INIT";
    rtc.write(0x00, 4, 0x123456);
    rtc.reset();
    EXPECT_EQ(rtc.read(0x00, 4), 0x123456u) << part << ": a system reset leaves it alone";
  }
}

}  // namespace
}  // namespace mcusim::emulator
