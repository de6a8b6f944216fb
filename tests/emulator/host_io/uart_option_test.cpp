#include "emulator/host_io/uart_option.h"

#include <gtest/gtest.h>

#include <random>

#include "common/error.h"

namespace mcusim::emulator::host_io {
namespace {

const mcu_models::McuModel& mcu() {
  static const mcu_models::McuModel model = mcu_models::load_mcu("stm32h743");
  return model;
}

/// The message, which must be one line of printable text; "accepted" when there is none.
std::string refusal(const std::string& text) {
  try {
    parse_uart_option(text, mcu());
  } catch (const InputError& error) {
    const std::string what = error.what();
    for (const char c : what) EXPECT_TRUE(c >= ' ' && c <= '~') << what;
    EXPECT_TRUE(what.starts_with("--uart ")) << what;
    EXPECT_NE(what.find("; "), std::string::npos) << "names no remedy: " << what;
    EXPECT_LT(what.size(), 400u);
    return what;
  }
  return "accepted";
}

TEST(UartOption, TheFourEndsAreRead) {
  const UartOption stdio = parse_uart_option("USART3=stdio", mcu());
  EXPECT_EQ(stdio.uart, "USART3");
  EXPECT_EQ(stdio.kind, UartOption::Kind::stdio);
  EXPECT_EQ(parse_uart_option("LPUART1=pty", mcu()).kind, UartOption::Kind::pty);
  const UartOption tcp = parse_uart_option("UART4=tcp:65535", mcu());
  EXPECT_EQ(tcp.kind, UartOption::Kind::tcp);
  EXPECT_EQ(tcp.port, 65535);
  const UartOption file = parse_uart_option("USART1=file:a=b:c.txt", mcu());
  EXPECT_EQ(file.kind, UartOption::Kind::file);
  EXPECT_EQ(file.path, "a=b:c.txt");
}

TEST(UartOption, FaultsAreNamed) {
  const auto names = [](const std::string& text, const std::string& part) {
    EXPECT_NE(refusal(text).find(part), std::string::npos) << refusal(text);
  };
  names("", "no '='");
  names("USART3", "no '='");
  names("USART99=stdio", "stm32h743 has no such UART; use one of ");
  names("TIM2=stdio", "has no such UART");
  names("=stdio", "has no such UART");
  names("USART3=", "unknown kind of end");
  names("USART3=STDIO", "unknown kind of end");
  names("USART3=pty:x", "unknown kind of end");
  names("USART3=tcp:", "no port");
  names("USART3=tcp:65536", "no port");
  names("USART3=tcp:-1", "no port");
  names("USART3=tcp: 1", "no port");
  names("USART3=tcp:12x", "no port");
  names("USART3=tcp:99999999999999999999", "no port");
  names("USART3=file:", "no path");
  names(std::string("USART3=file:a\0b", 15), "no path");
  names("USART3=what\never\x1b[2J", "USART3=what?ever?[2J: unknown kind of end");
}

TEST(UartOption, AnyTextIsReadOrRefusedInOneLine) {
  std::mt19937 random(3);
  const std::string alphabet = std::string("USART3=tcp:file:stdio\n\xff\0 %{}", 28);
  for (int round = 0; round < 5000; ++round) {
    std::string text = round % 2 == 0 ? "USART3=" : "";
    for (std::size_t i = random() % 300; i > 0; --i) text += alphabet[random() % alphabet.size()];
    refusal(text);
  }
}

}  // namespace
}  // namespace mcusim::emulator::host_io
