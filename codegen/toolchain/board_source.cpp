#include "codegen/toolchain/board_source.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "codegen/emit/c_text.h"
#include "common/error.h"

namespace mcusim::codegen {
namespace {

using mcu_models::BoardModel;
using mcu_models::McuModel;
using mcu_models::PeripheralModel;
using mcu_models::StartupStep;

/// A kind of UART, by the name of its model in the MCU files.
struct ConsoleKind {
  std::string_view model;
  std::string_view driver;
  unsigned divider_scale;  ///< BRR = scale * clock / baud.
  std::uint64_t smallest_divider;
  std::uint64_t largest_divider;
};

// Oversampling by 16 needs BRR >= 16; LPUART: 0x300 to 0xfffff (RM0433 sections 48.5.4 and 49.4.4). LINFlexD:
// 16 bits before the point in LINIBRR, 4 behind it in LINFBRR.
constexpr std::array kConsoleKinds = {
    ConsoleKind{"usart_v1", "console_usart_v1.c", 1, 16, 0xffff},
    ConsoleKind{"usart_v2", "console_usart_v2.c", 1, 16, 0xffff},
    ConsoleKind{"lpuart", "console_usart_v2.c", 256, 0x300, 0xfffff},
    ConsoleKind{"linflexd", "console_linflexd.c", 1, 16, 0xfffff},
};

const PeripheralModel& console_peripheral(const McuModel& mcu, const BoardModel& board) {
  const PeripheralModel* peripheral = mcu.find_peripheral(board.console.peripheral);
  if (peripheral) return *peripheral;
  throw InputError(fmt::format("{}: console {} is not a peripheral of {}; name one of its UARTs", board.name,
                               board.console.peripheral, mcu.name));
}

const ConsoleKind& console_kind(const McuModel& mcu, const BoardModel& board) {
  const PeripheralModel& peripheral = console_peripheral(mcu, board);
  for (const ConsoleKind& kind : kConsoleKinds) {
    if (kind.model == peripheral.model) return kind;
  }
  throw InputError(
      fmt::format("{}: console {} is of kind {}; it must be usart_v1, usart_v2, lpuart or linflexd",
                  board.name, peripheral.name, peripheral.model));
}

std::uint64_t baud_divider(const McuModel& mcu, const BoardModel& board) {
  const ConsoleKind& kind = console_kind(mcu, board);
  const std::uint64_t baud = board.console.baud;
  const std::uint64_t divider = baud == 0 ? 0 : (kind.divider_scale * board.console.clock + baud / 2) / baud;
  if (divider >= kind.smallest_divider && divider <= kind.largest_divider) return divider;
  throw InputError(fmt::format("{}: {} cannot make {} baud of {} Hz; change baud or clock_hz of the console",
                               board.name, board.console.peripheral, baud, board.console.clock));
}

bool is_vle(const McuModel& mcu) { return mcu.core.architecture == mcu_models::Architecture::vle; }

/// A VLE core has its time base.
std::string cycle_counter_lines(const McuModel& mcu) {
  if (is_vle(mcu)) return {};
  if (mcu.core.cycle_counter) {
    return fmt::format(
        "#define CYCLE_COUNTER_IS_DWT 1\n"
        "#define CYCLE_COUNTER_ADDRESS 0xE0001004u /* DWT.CYCCNT */\n"
        "#define DWT_HAS_LOCK {}\n",
        mcu.core.dwt_lock ? 1 : 0);
  }
  const PeripheralModel* timer = mcu.find_peripheral("TIM2");
  if (!timer) {
    throw InputError(
        fmt::format("{}: the core has no cycle counter and there is no TIM2 to replace it; "
                    "add TIM2 to the MCU's file",
                    mcu.name));
  }
  return fmt::format(
      "#define CYCLE_COUNTER_IS_DWT 0\n"
      "#define CYCLE_COUNTER_TIMER_BASE 0x{0:08X}u /* TIM2 */\n"
      "#define CYCLE_COUNTER_ADDRESS 0x{1:08X}u /* TIM2.CNT */\n",
      timer->base, timer->base + 0x24);
}

std::string step_line(const StartupStep& step) {
  std::string call;
  switch (step.kind) {
    case StartupStep::Kind::write:
      call = fmt::format("register_write(0x{:08X}u, 0x{:08X}u);", step.address, step.value);
      break;
    case StartupStep::Kind::modify:
      call = fmt::format("register_modify(0x{:08X}u, 0x{:08X}u, 0x{:08X}u);", step.address, step.mask,
                         step.value);
      break;
    case StartupStep::Kind::wait:
      call =
          fmt::format("register_wait(0x{:08X}u, 0x{:08X}u, 0x{:08X}u);", step.address, step.mask, step.value);
      break;
  }
  return fmt::format("  {} /* {} */\n", call,
                     c_comment(fmt::format("{}.{}: {}", step.peripheral, step.register_name, step.why)));
}

/// For reset.s, which has to stop them before it writes all memory.
std::string watchdog_table(const McuModel& mcu) {
  std::string text = "const uint32_t watchdogs[] = {";
  for (const PeripheralModel& peripheral : mcu.peripherals) {
    if (peripheral.model == "swt") text += fmt::format("0x{:08X}u, ", peripheral.base);
  }
  return text + "0};\n\n";
}

}  // namespace

std::string console_driver(const McuModel& mcu, const BoardModel& board) {
  return std::string(console_kind(mcu, board).driver);
}

std::string board_header(const McuModel& mcu, const BoardModel& board) {
  std::string text = "/* Constants of the MCU and the board. */\n#ifndef BOARD_H\n#define BOARD_H\n\n";
  text += fmt::format("#define MCU_NAME {}\n", c_string(mcu.name));
  text += fmt::format("#define BOARD_NAME {}\n", c_string(board.name));
  text += fmt::format("#define CORE_CLOCK_HZ {}u\n", board.core_clock);
  text += fmt::format("#define INTERRUPT_COUNT {}\n", mcu.interrupt_count);
  text += fmt::format("#define CORE_HAS_L1_CACHES {}\n", mcu.core.name == "cortex-m7" || is_vle(mcu) ? 1 : 0);
  text += fmt::format("#define CONSOLE_BASE 0x{:08X}u /* {} */\n", console_peripheral(mcu, board).base,
                      c_comment(board.console.peripheral));
  text += fmt::format("#define CONSOLE_BRR {}u /* {} */\n", baud_divider(mcu, board),
                      c_comment(fmt::format("{} baud of {} Hz", board.console.baud, board.console.clock)));
  text += cycle_counter_lines(mcu);
  text += "\n/* Supply, clocks, wait states and pins. */\nvoid board_start(void);\n\n#endif\n";
  return text;
}

std::string board_source(const McuModel& mcu, const BoardModel& board) {
  std::string text = fmt::format("/* Start-up steps of {}. */\n", c_comment(board.title));
  text += "#include \"board.h\"\n\n#include \"registers.h\"\n\n";
  if (is_vle(mcu)) text += watchdog_table(mcu);
  text += "void board_start(void) {\n";
  for (const StartupStep& step : board.startup) text += step_line(step);
  return text + "}\n";
}

}  // namespace mcusim::codegen
