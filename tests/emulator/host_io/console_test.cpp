#include <gtest/gtest.h>

#include <string>

#include "common/error.h"
#include "emulator/machine.h"
#include "tests/emulator/host_io/text_end.h"
#include "tests/emulator/test_mcu.h"

// Firmware that answers in capitals, behind the ends of its console.

namespace mcusim::emulator::host_io {
namespace {

struct Echo {
  Echo(SerialEnd& end, const std::string& engine, const std::string& program = "echo")
      : machine(mcu(), test_board(),
                {.engine = engine,
                 .console = [this](std::string_view text) { listener += text; },
                 .uarts = {{"USART3", &end}},
                 .stop_when_idle = true}) {
    machine.load(load_image(MCUSIM_TEST_PROGRAMS "/" + program + ".elf"));
  }

  static mcu_models::McuModel mcu() {
    mcu_models::McuModel mcu = test_mcu();
    mcu.interrupt_count = 64;
    for (mcu_models::PeripheralModel& peripheral : mcu.peripherals) {
      if (peripheral.name == "USART3") peripheral.interrupt = 39;
    }
    return mcu;
  }

  std::string listener;
  Machine machine;
};

class Console : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Engines, Console, testing::Values("native", "unicorn"),
                         [](const auto& engine) { return engine.param; });

TEST_P(Console, FirmwareAnswersWhatTheHostSendsAndTheRunEndsWhenIdle) {
  TextEnd end("name%db load 5%");
  Echo echo(end, GetParam());
  const Stop stop = echo.machine.run({.seconds = 10});
  EXPECT_EQ(stop.reason, StopReason::idle) << stop.detail;
  EXPECT_EQ(end.written, "NAME%DB LOAD 5%");
  EXPECT_EQ(echo.listener, end.written) << "the console's listener hears it too";
  // 15 frames of 10 bits of 400 ticks at 100 MHz, and 100 ms of silence.
  EXPECT_GT(echo.machine.seconds(), 0.1 + 14 * 4000 / 100e6);
  EXPECT_LT(echo.machine.seconds(), 0.11);
}

TEST_P(Console, WithoutInputItIsIdleAfterATenthOfASecond) {
  TextEnd end("");
  Echo echo(end, GetParam());
  EXPECT_EQ(echo.machine.run({.seconds = 10}).reason, StopReason::idle);
  EXPECT_NEAR(echo.machine.seconds(), 0.1, 0.002);
}

TEST_P(Console, TwoRunsWithTheSameInputAreTheSame) {
  Cycles cycles[2];
  for (Cycles& run : cycles) {
    TextEnd end("abc");
    Echo echo(end, GetParam());
    echo.machine.run({.seconds = 10});
    run = echo.machine.engine().counters().cycles;
  }
  EXPECT_EQ(cycles[0], cycles[1]);
}

// The reference engine takes no interrupts.
TEST(ConsoleInterrupt, EveryByteInterruptsASleepingCoreOnce) {
  TextEnd end("name%db load 5%");
  Echo echo(end, "native", "interrupt_echo");
  const Stop stop = echo.machine.run({.seconds = 10});
  EXPECT_EQ(stop.reason, StopReason::idle) << stop.detail;
  EXPECT_EQ(end.written, "NAME%DB LOAD 5%");
  EXPECT_LT(echo.machine.engine().counters().instructions, 1000u) << "it slept";
}

TEST(ConsoleOptions, AnUnknownUartIsRefused) {
  TextEnd end("");
  try {
    const Machine machine(test_mcu(), test_board(), {.uarts = {{"TIM5", &end}}});
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("--uart TIM5: test-m4 has no such UART"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace mcusim::emulator::host_io
