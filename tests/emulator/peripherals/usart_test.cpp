#include "emulator/peripherals/usart.h"

#include <gtest/gtest.h>

#include <string>

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kTxe = 1u << 7, kTc = 1u << 6;

TEST(UsartV1, SendsWhileEnabledAndTransmitting) {
  std::string sent;
  UsartV1 usart({}, {.output = [&](std::string_view text) { sent += text; }});
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
  UsartV2 usart({}, {.output = [&](std::string_view text) { sent += text; }});
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

struct RecordedLines : InterruptLines {
  void set(unsigned irq, bool level) override {
    EXPECT_EQ(irq, 39u);
    high = level;
  }
  bool high = false;
};

mcu_models::PeripheralModel model(const std::string& kind) {
  mcu_models::PeripheralModel usart;
  usart.model = kind;
  usart.interrupt = 39;
  return usart;
}

constexpr std::uint32_t kRxne = 1u << 5, kRxneie = 1u << 5, kTcie = 1u << 6, kTxeie = 1u << 7;

TEST(UsartV1, AReceivedByteSetsRxneUntilDrIsRead) {
  RecordedLines lines;
  UsartV1 usart(model("usart_v1"), {.interrupts = &lines});
  EXPECT_FALSE(usart.receiving());
  usart.write(0x0c, 4, 1u << 13 | 1u << 2 | kRxneie);
  EXPECT_TRUE(usart.receiving());
  EXPECT_TRUE(usart.empty());
  EXPECT_FALSE(lines.high);
  usart.receive('x');
  EXPECT_FALSE(usart.empty());
  EXPECT_TRUE(lines.high);
  EXPECT_EQ(usart.read(0x00, 4) & kRxne, kRxne);
  EXPECT_EQ(usart.read(0x04, 4), static_cast<std::uint32_t>('x'));
  EXPECT_TRUE(usart.empty());
  EXPECT_FALSE(lines.high);
  EXPECT_EQ(usart.read(0x00, 4) & kRxne, 0u);
}

TEST(UsartV2, AReceivedByteSetsRxneUntilRdrIsReadOrFlushed) {
  RecordedLines lines;
  UsartV2 usart(model("usart_v2"), {.interrupts = &lines});
  usart.write(0x00, 4, 1u << 2 | 1u << 0 | kRxneie);
  EXPECT_TRUE(usart.receiving());
  usart.receive(0xff);
  EXPECT_TRUE(lines.high);
  EXPECT_EQ(usart.read(0x1c, 4) & kRxne, kRxne);
  EXPECT_EQ(usart.read(0x24, 1), 0xffu);
  EXPECT_FALSE(lines.high);
  EXPECT_EQ(usart.read(0x1c, 4) & kRxne, 0u);
  usart.receive('y');
  usart.write(0x18, 4, 1u << 3);
  EXPECT_TRUE(usart.empty()) << "RQR.RXFRQ drops the byte";
  EXPECT_FALSE(lines.high);
  usart.receive('z');
  usart.write(0x00, 4, 0);
  EXPECT_TRUE(usart.empty()) << "a USART that is switched off holds nothing";
}

TEST(UsartV2, TheInterruptLineIsHighWhileAnEnabledFlagIsSet) {
  RecordedLines lines;
  UsartV2 usart(model("usart_v2"), {.interrupts = &lines});
  usart.write(0x00, 4, kTxeie);
  EXPECT_FALSE(lines.high) << "UE is not set";
  usart.write(0x00, 4, 1u << 0 | kTxeie);
  EXPECT_TRUE(lines.high) << "TXE is always set";
  usart.write(0x00, 4, 1u << 0 | kRxneie);
  EXPECT_FALSE(lines.high) << "nothing was received";
  usart.write(0x00, 4, 1u << 0 | kTcie);
  EXPECT_TRUE(lines.high);
}

// 8 data bits, no parity, 1 stop bit: 10 bits in all.
TEST(UsartFrames, LastTenBitsAtTheProgrammedBaudRate) {
  clock_tree::DomainClock clock;
  clock.change(0, 400'000'000, 100'000'000);
  UsartV2 usart(model("usart_v2"), {.clock = &clock});
  usart.write(0x0c, 4, 868);  // 115207 baud at 100 MHz
  EXPECT_EQ(usart.frame_cycles(), 34'720u);
  usart.write(0x2c, 4, 3);  // PRESC: / 6
  EXPECT_EQ(usart.frame_cycles(), 6 * 34'720u);
  usart.write(0x2c, 4, 15);
  EXPECT_EQ(usart.frame_cycles(), 256 * 34'720u);
  usart.write(0x2c, 4, 0);
  usart.write(0x00, 4, 1u << 15);
  usart.write(0x0c, 4, 0x6c4);  // OVER8: 108 + 4 / 8 eighths
  EXPECT_EQ(usart.frame_cycles(), 34'720u);
  clock.change(0, 400'000'000, 0);
  EXPECT_EQ(usart.frame_cycles(), 0u) << "its clock is stopped";
}

TEST(UsartFrames, LpuartCountsIn256thsAndTheOldUsartHasNoPrescaler) {
  UsartV2 lpuart(model("lpuart"), {});
  lpuart.write(0x0c, 4, 256 * 100);
  EXPECT_EQ(lpuart.frame_cycles(), 1000u);
  UsartV1 old(model("usart_v1"), {});
  old.write(0x08, 4, 100);
  EXPECT_EQ(old.frame_cycles(), 1000u);
  old.write(0x10, 4, 2u << 12);
  EXPECT_EQ(old.frame_cycles(), 1100u) << "two stop bits";
  old.write(0x0c, 4, 1u << 12);
  EXPECT_EQ(old.frame_cycles(), 1200u) << "nine data bits";
}

TEST(UsartIdle, ALineSilentForAFrameIsFlaggedUntilItIsCleared) {
  constexpr std::uint32_t kIdle = 1u << 4;
  RecordedLines line;
  mcu_models::PeripheralModel model;
  model.interrupt = 39;
  UsartV2 newer(model, {.interrupts = &line});
  newer.write(0x00, 4, 1u << 4 | 1u << 2 | 1u << 0);  // IDLEIE
  newer.receive('a');
  EXPECT_FALSE(line.high);
  newer.line_idle();
  EXPECT_TRUE(line.high);
  EXPECT_NE(newer.read(0x1c, 4) & kIdle, 0u);
  newer.read(0x24, 4);
  EXPECT_TRUE(line.high) << "reading the byte is not enough";
  newer.write(0x20, 4, kIdle);
  EXPECT_FALSE(line.high);
  EXPECT_EQ(newer.read(0x1c, 4) & kIdle, 0u);

  UsartV1 older(model, {.interrupts = &line});
  older.write(0x0c, 4, 1u << 13 | 1u << 4 | 1u << 2);
  older.line_idle();
  EXPECT_TRUE(line.high);
  older.read(0x04, 4);
  EXPECT_TRUE(line.high) << "SR was not read before DR";
  EXPECT_NE(older.read(0x00, 4) & kIdle, 0u);
  older.read(0x04, 4);
  EXPECT_FALSE(line.high);
}

TEST(UsartIdle, AReceiverThatIsOffSeesNoSilence) {
  UsartV2 usart({}, {});
  usart.write(0x00, 4, 1u << 0);
  usart.line_idle();
  EXPECT_EQ(usart.read(0x1c, 4) & 1u << 4, 0u);
}

TEST(Usart, AResetForgetsWhatWasReceived) {
  RecordedLines line;
  mcu_models::PeripheralModel model;
  model.interrupt = 39;
  UsartV2 usart(model, {.interrupts = &line});
  usart.write(0x00, 4, 1u << 5 | 1u << 2 | 1u << 0);
  usart.receive('a');
  EXPECT_TRUE(line.high);
  usart.reset();
  EXPECT_FALSE(line.high);
  EXPECT_TRUE(usart.empty());
  EXPECT_EQ(usart.read(0x00, 4), 0u);
}

}  // namespace
}  // namespace mcusim::emulator
