#include "emulator/host_io/uart_option.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/error.h"
#include "emulator/peripherals/factory.h"

namespace mcusim::emulator::host_io {
namespace {

constexpr std::string_view kTcp = "tcp:";
constexpr std::string_view kFile = "file:";

/// Fit for one line of an error.
std::string printable(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  constexpr std::size_t kLongest = 80;
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  return text;
}

}  // namespace

UartOption parse_uart_option(const std::string& text, const mcu_models::McuModel& mcu) {
  const auto fail = [&](const std::string& fault, const std::string& remedy) {
    throw InputError(fmt::format("--uart {}: {}; {}", printable(text), fault, remedy));
  };
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos)
    fail("no '='", "give NAME=stdio, NAME=pty, NAME=tcp:PORT or NAME=file:PATH");
  UartOption option;
  option.uart = text.substr(0, equals);
  const mcu_models::PeripheralModel* peripheral = mcu.find_peripheral(option.uart);
  if (peripheral == nullptr || !is_uart(*peripheral)) {
    std::vector<std::string> uarts;
    for (const mcu_models::PeripheralModel& candidate : mcu.peripherals) {
      if (is_uart(candidate)) uarts.push_back(candidate.name);
    }
    fail(fmt::format("{} has no such UART", mcu.name), fmt::format("use one of {}", fmt::join(uarts, ", ")));
  }
  const std::string_view end = std::string_view(text).substr(equals + 1);
  if (end == "stdio") {
    option.kind = UartOption::Kind::stdio;
  } else if (end == "pty") {
    option.kind = UartOption::Kind::pty;
  } else if (end.starts_with(kTcp)) {
    option.kind = UartOption::Kind::tcp;
    const std::string_view digits = end.substr(kTcp.size());
    const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), option.port);
    if (digits.empty() || error != std::errc() || last != digits.data() + digits.size()) {
      fail("no port", "give a number from 0 (any free port) to 65535");
    }
  } else if (end.starts_with(kFile)) {
    option.kind = UartOption::Kind::file;
    option.path = end.substr(kFile.size());
    if (option.path.empty() || option.path.find('\0') != std::string::npos) {
      fail("no path", "give the name of the file to write");
    }
  } else {
    fail("unknown kind of end", "use stdio, pty, tcp:PORT or file:PATH");
  }
  return option;
}

}  // namespace mcusim::emulator::host_io
