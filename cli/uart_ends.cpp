#include "cli/uart_ends.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "common/error.h"
#include "emulator/host_io/prompted_end.h"
#include "emulator/host_io/uart_option.h"

namespace mcusim::cli {

using emulator::host_io::UartOption;

UartEnds::UartEnds(const std::vector<std::string>& options, const std::string& prompt,
                   const mcu_models::McuModel& mcu) {
  for (const std::string& text : options) {
    const UartOption option = emulator::host_io::parse_uart_option(text, mcu);
    if (ends_.contains(option.uart)) {
      throw InputError(fmt::format("--uart {}: given twice; connect a UART once", option.uart));
    }
    const bool stdio = option.kind == UartOption::Kind::stdio;
    if (stdio && stdio_taken_) {
      throw InputError(
          fmt::format("--uart {}=stdio: standard input has one reader; use pty or tcp:PORT", option.uart));
    }
    stdio_taken_ = stdio_taken_ || stdio;
    interactive_ = interactive_ || option.kind == UartOption::Kind::pty ||
                   option.kind == UartOption::Kind::tcp || (stdio && ::isatty(STDIN_FILENO) != 0);
    ends_[option.uart] = emulator::host_io::open_serial_end(
        option, [](std::string_view notice) { fmt::print(stderr, "mcusim: {}\n", notice); });
    if (!prompt.empty()) {
      ends_[option.uart] =
          std::make_unique<emulator::host_io::PromptedEnd>(std::move(ends_[option.uart]), prompt);
    }
  }
}

std::map<std::string, emulator::host_io::SerialEnd*> UartEnds::by_name() const {
  std::map<std::string, emulator::host_io::SerialEnd*> ends;
  for (const auto& [name, end] : ends_) ends[name] = end.get();
  return ends;
}

void UartEnds::finish() {
  for (const auto& [name, end] : ends_) end->finish();
}

}  // namespace mcusim::cli
