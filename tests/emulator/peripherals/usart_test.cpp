#include "emulator/peripherals/usart.h"

#include <gtest/gtest.h>

#include <string>

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kTxe = 1u << 7, kTc = 1u << 6;

TEST(UsartV1, SendsWhileEnabledAndTransmitting) {
  std::string sent;
  UsartV1 usart({}, [&](std::string_view text) { sent += text; });
  usart.write(0x04, 4, 'x');
  EXPECT_EQ(sent, "") << "neither UE nor TE is set";
  usart.write(0x0c, 4, 1u << 13);
  usart.write(0x04, 4, 'y');
  EXPECT_EQ(sent, "") << "TE is not set";
  usart.write(0x0c, 4, 1u << 13 | 1u << 3);
  EXPECT_EQ(usart.read(0x00, 4) & (kTxe | kTc), kTxe | kTc);
  usart.write(0x04, 4, 'a');
  usart.write(0x04, 1, 'b');
  EXPECT_EQ(sent, "ab");
  EXPECT_EQ(usart.read(0x04, 4), 0u) << "nothing was received";
  usart.write(0x00, 4, 0);
  EXPECT_EQ(usart.read(0x00, 4), kTxe | kTc) << "writing SR does not make the transmitter busy";
}

TEST(UsartV2, SendsWhileEnabledAndTransmitting) {
  std::string sent;
  UsartV2 usart({}, [&](std::string_view text) { sent += text; });
  usart.write(0x28, 4, 'x');
  usart.write(0x00, 4, 1u << 3);
  usart.write(0x28, 4, 'y');
  EXPECT_EQ(sent, "");
  usart.write(0x00, 4, 1u << 3 | 1u << 0);
  usart.write(0x28, 4, 'a');
  usart.write(0x28, 1, 'b');
  EXPECT_EQ(sent, "ab");
}

TEST(UsartV2, AcknowledgesFollowTheEnables) {
  UsartV2 usart({}, {});
  EXPECT_EQ(usart.read(0x1c, 4), kTxe | kTc);
  usart.write(0x00, 4, 1u << 3);
  EXPECT_EQ(usart.read(0x1c, 4), kTxe | kTc | 1u << 21);
  usart.write(0x00, 4, 1u << 2);
  EXPECT_EQ(usart.read(0x1c, 4), kTxe | kTc | 1u << 22);
  EXPECT_EQ(usart.read(0x1e, 1), 1u << 6) << "a byte of ISR";
}

TEST(UsartV2, ConfigurationReadsBackAndRequestsDoNot) {
  UsartV2 usart({}, {});
  usart.write(0x0c, 4, 0x364);
  usart.write(0x18, 4, 0xff);
  usart.write(0x20, 4, 0xff);
  EXPECT_EQ(usart.read(0x0c, 4), 0x364u);
  EXPECT_EQ(usart.read(0x18, 4), 0u);
  EXPECT_EQ(usart.read(0x20, 4), 0u);
}

}  // namespace
}  // namespace mcusim::emulator
