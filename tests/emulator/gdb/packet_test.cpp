#include "emulator/gdb/packet.h"

#include <gtest/gtest.h>

#include <random>

#include "../test_mcu.h"
#include "emulator/gdb/stub.h"

namespace mcusim::emulator::gdb {
namespace {

using Event = PacketReader::Event;

/// What the last byte of `text` leads to.
Event feed(PacketReader& reader, std::string_view text) {
  Event event = Event::nothing;
  for (const char byte : text) event = reader.add(byte);
  return event;
}

TEST(Packet, AFrameIsReadBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  PacketReader reader;
  EXPECT_EQ(feed(reader, frame(bytes)), Event::packet);
  EXPECT_EQ(reader.payload(), bytes);
  EXPECT_EQ(frame("OK"), "$OK#9a") << "the manual's example";
}

TEST(Packet, AWrongChecksumIsDamaged) {
  PacketReader reader;
  EXPECT_EQ(feed(reader, "$OK#9b"), Event::damaged);
  EXPECT_EQ(feed(reader, "$OK#zz"), Event::damaged);
  EXPECT_EQ(feed(reader, "$OK#9a"), Event::packet) << "the next one is read";
}

TEST(Packet, AFrameThatIsCutOffIsDamagedAndTheNextIsRead) {
  PacketReader reader;
  EXPECT_EQ(feed(reader, "$m2000$"), Event::damaged);
  EXPECT_EQ(feed(reader, "g#67"), Event::packet);
  EXPECT_EQ(reader.payload(), "g");
}

TEST(Packet, AFrameThatIsTooLongIsRefusedAndNotStored) {
  PacketReader reader;
  EXPECT_EQ(feed(reader, frame(std::string(PacketReader::kLongest, 'a'))), Event::packet);
  EXPECT_EQ(feed(reader, frame(std::string(PacketReader::kLongest + 1, 'a'))), Event::damaged);
  feed(reader, "$" + std::string(10 * PacketReader::kLongest, 'a'));
  EXPECT_LE(reader.payload().size(), PacketReader::kLongest);
}

TEST(Packet, InterruptAndResendStandOutsideOfFrames) {
  PacketReader reader;
  EXPECT_EQ(reader.add('\x03'), Event::interrupt);
  EXPECT_EQ(reader.add('-'), Event::resend);
  EXPECT_EQ(reader.add('+'), Event::nothing);
  EXPECT_EQ(feed(reader, frame("\x03-")), Event::packet);
}

TEST(Packet, HexIsStrict) {
  EXPECT_EQ(from_hex("00ffA1"), std::string("\0\xff\xa1", 3));
  EXPECT_EQ(from_hex("0"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
  EXPECT_EQ(word_to_hex(0x12345678, 4), "78563412");
  EXPECT_EQ(word_from_hex("78563412"), 0x12345678u);
  EXPECT_EQ(word_from_hex(""), std::nullopt);
  EXPECT_EQ(word_from_hex("001122334455667788"), std::nullopt) << "nine bytes";
}

class StubTest : public ::testing::Test {
 protected:
  StubTest() : mcu(test_mcu()), machine(mcu, test_board(), native()), stub(machine, mcu) {
    // Reset, then B to itself.
    Image image;
    image.segments = {{0x08000000, {0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xfe, 0xe7}}};
    machine.load(image);
  }
  static MachineOptions native() {
    MachineOptions options;
    options.engine = "native";
    return options;
  }
  std::string ask(std::string_view packet) { return stub.handle(packet).text; }

  mcu_models::McuModel mcu;
  Machine machine;
  Stub stub;
};

TEST_F(StubTest, RegistersAreReadAndWritten) {
  EXPECT_EQ(ask("pf"), "08000008");
  EXPECT_EQ(ask("pd"), "00100020");
  EXPECT_EQ(ask("P0=78563412"), "OK");
  EXPECT_EQ(ask("p0"), "78563412");
  EXPECT_EQ(machine.engine().registers().r[0], 0x12345678u);
  EXPECT_EQ(ask("P17=0000000000000840"), "OK") << "d0";
  EXPECT_EQ(machine.engine().registers().s[1], 0x40080000u);
  const std::string all = ask("g");
  EXPECT_EQ(all.size(), (17 + 6 + 1) * 8 + 16 * 16u);
  EXPECT_EQ(ask("G" + all), "OK");
  EXPECT_EQ(ask("g"), all);
  EXPECT_EQ(ask("p28"), "E01") << "no such register";
  EXPECT_EQ(ask("G00"), "E01");
}

TEST_F(StubTest, WritingAStackPointerMovesTheOneInUse) {
  EXPECT_EQ(ask("Pd=00080020"), "OK");
  EXPECT_EQ(ask("p11"), "00080020") << "msp";
  EXPECT_EQ(ask("P11=00090020"), "OK");
  EXPECT_EQ(ask("pd"), "00090020");
}

TEST_F(StubTest, MemoryIsReadAndWrittenWithinItsBounds) {
  EXPECT_EQ(ask("M20000000,4:01020304"), "OK");
  EXPECT_EQ(ask("m20000000,4"), "01020304");
  EXPECT_EQ(ask("X20000000,2:ab"), "OK");
  EXPECT_EQ(ask("m20000000,2"), "6162");
  EXPECT_EQ(ask("m2000fffc,10"), "00000000") << "up to the end of the memory";
  EXPECT_EQ(ask("m70000000,4"), "E02");
  EXPECT_EQ(ask("M20000000,4:0102"), "E01") << "fewer bytes than announced";
  EXPECT_EQ(ask("mfffffffff,4"), "E01");
  EXPECT_LE(ask("m20000000,ffffffffffffffff").size(), PacketReader::kLongest);
  EXPECT_EQ(ask("vFlashErase:08000400,400"), "OK");
  EXPECT_EQ(ask("vFlashWrite:08000400:\x01\x02"), "OK");
  EXPECT_EQ(ask("m08000400,3"), "0102ff");
}

TEST_F(StubTest, PointsAreBounded) {
  EXPECT_EQ(ask("Z0,8000008,2"), "OK");
  EXPECT_TRUE(stub.has_breakpoint(0x08000008));
  EXPECT_EQ(ask("z0,8000008,2"), "OK");
  EXPECT_FALSE(stub.has_breakpoint(0x08000008));
  std::string last = "OK";
  for (int i = 0; i < 5000 && last == "OK"; ++i)
    last = ask("Z1," + word_to_hex(static_cast<unsigned>(i * 2), 4) + ",2");
  EXPECT_EQ(last, "E03");
  last = "OK";
  for (int i = 0; i < 100 && last == "OK"; ++i)
    last = ask("Z2,2000" + word_to_hex(static_cast<unsigned>(i), 2) + ",4");
  EXPECT_EQ(last, "E03");
  EXPECT_EQ(ask("Z2,20000000,0"), "E01");
  EXPECT_EQ(ask("Z9,20000000,4"), "") << "no such kind";
}

TEST_F(StubTest, DescriptionsAreReadInParts) {
  std::string text;
  for (std::string part = "m"; part.front() == 'm' && text.size() < 100000;) {
    part =
        ask("qXfer:features:read:target.xml:" + std::string(1, "0123456789abcdef"[text.size() >> 12 & 15]) +
            std::string(1, "0123456789abcdef"[text.size() >> 8 & 15]) +
            std::string(1, "0123456789abcdef"[text.size() >> 4 & 15]) +
            std::string(1, "0123456789abcdef"[text.size() & 15]) + ",100");
    text += part.substr(1);
  }
  EXPECT_TRUE(text.ends_with("</target>")) << text;
  EXPECT_NE(text.find("org.gnu.gdb.arm.m-profile"), std::string::npos);
  EXPECT_EQ(ask("qXfer:features:read:target.xml:fffff,100"), "E01");
  EXPECT_NE(ask("qXfer:memory-map:read::0,1000").find("start=\"0x20000000\" length=\"0x10000\""),
            std::string::npos);
}

TEST_F(StubTest, RandomPacketsDoNoHarm) {
  std::mt19937 random(1);
  const std::string alphabet = "?gGpPmMXzZcsDkHTqQvR,;:=#0123456789abcdef+-}\x03\xff";
  const char* const starts[] = {"",
                                "m",
                                "M",
                                "X",
                                "Z2,",
                                "z0,",
                                "p",
                                "P",
                                "G",
                                "qRcmd,",
                                "vFlashErase:",
                                "vFlashWrite:",
                                "vCont;",
                                "qXfer:features:read:target.xml:",
                                "qXfer:memory-map:read::",
                                "c"};
  PacketReader reader;
  for (int i = 0; i < 100'000; ++i) {
    std::string packet = starts[random() % std::size(starts)];
    for (unsigned length = random() % 40; length > 0; --length)
      packet += alphabet[random() % alphabet.size()];
    EXPECT_LE(stub.handle(packet).text.size(), 2 * PacketReader::kLongest);
    for (const char byte : packet) {
      if (reader.add(random() % 8 == 0 ? '$' : byte) == Event::packet) stub.handle(reader.payload());
    }
  }
  EXPECT_EQ(ask("p0").size(), 8u) << "it still answers";
}

}  // namespace
}  // namespace mcusim::emulator::gdb
