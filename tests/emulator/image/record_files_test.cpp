#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "common/error.h"
#include "common/files.h"
#include "emulator/image/formats.h"
#include "emulator/image/image.h"

namespace mcusim::emulator {
namespace {

using Content = std::vector<std::uint8_t>;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Image hex(const std::string& text) { return parse_intel_hex("a.hex", bytes_of(text)); }
Image srec(const std::string& text) { return parse_s_record("a.srec", bytes_of(text)); }

/// The message of the InputError, which must be one line that names the file.
template <typename Parse>
std::string refusal(const Parse& parse) {
  try {
    parse();
  } catch (const InputError& error) {
    const std::string what = error.what();
    EXPECT_EQ(what.find('\n'), std::string::npos) << what;
    EXPECT_NE(what.find("; "), std::string::npos) << "names no remedy: " << what;
    return what;
  }
  return "accepted";
}
std::string hex_refusal(const std::string& text) {
  return refusal([&] { hex(text); });
}
std::string srec_refusal(const std::string& text) {
  return refusal([&] { srec(text); });
}

constexpr const char* kEnd = ":00000001FF\n";

std::string digits_of(const Content& bytes) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

/// A record with its checksum.
std::string hex_record(std::uint8_t type, std::uint16_t offset, const Content& data) {
  Content record = {static_cast<std::uint8_t>(data.size()), static_cast<std::uint8_t>(offset >> 8),
                    static_cast<std::uint8_t>(offset), type};
  record.insert(record.end(), data.begin(), data.end());
  unsigned sum = 0;
  for (const std::uint8_t byte : record) sum += byte;
  record.push_back(static_cast<std::uint8_t>(-sum));
  std::string text = ":";
  text += digits_of(record);
  return text += "\r\n";
}

TEST(IntelHex, DataLiesAtTheLinearBasePlusOffset) {
  // The example of the specification, 16 bytes at 0x0100, behind a base of 0x0800.
  const Image image =
      hex(":020000040800F2\n"
          ":10010000214601360121470136007EFE09D2190140\n"
          ":040000050800010DE1\n"
          ":00000001FF\n");
  ASSERT_EQ(image.segments.size(), 1u);
  EXPECT_EQ(image.segments[0].address, 0x08000100u);
  EXPECT_EQ(image.segments[0].bytes, (Content{0x21, 0x46, 0x01, 0x36, 0x01, 0x21, 0x47, 0x01, 0x36, 0x00,
                                              0x7e, 0xfe, 0x09, 0xd2, 0x19, 0x01}));
  EXPECT_EQ(image.entry, 0x0800010du);
  EXPECT_EQ(image.flash_used, 16u);
  EXPECT_TRUE(image.symbols.empty());
  EXPECT_FALSE(image.note.has_value());
}

TEST(IntelHex, AdjacentRecordsMergeInAnyOrderAndGapsSeparate) {
  const Image image = hex(hex_record(0, 0x10, {5, 6}) + hex_record(0, 0, {1, 2}) + hex_record(0, 2, {3, 4}) +
                          hex_record(0, 4, {7}) + hex_record(0, 5, Content(11, 9)) + kEnd);
  ASSERT_EQ(image.segments.size(), 1u);
  EXPECT_EQ(image.segments[0].address, 0u);
  EXPECT_EQ(image.segments[0].bytes, (Content{1, 2, 3, 4, 7, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 5, 6}));
  EXPECT_EQ(hex(hex_record(0, 0, {1}) + hex_record(0, 2, {1}) + kEnd).segments.size(), 2u);
}

TEST(IntelHex, SegmentRecordsShiftByFourBits) {
  const Image image = hex(hex_record(2, 0, {0x10, 0x00}) + hex_record(0, 0x20, {1}) + kEnd);
  EXPECT_EQ(image.segments[0].address, 0x10020u);
}

TEST(IntelHex, LowerCaseBlankLinesAndSpaceAtTheEndAreAccepted) {
  EXPECT_EQ(hex("\n:0100000001fe  \t\r\n\n:00000001ff").segments[0].bytes, Content{1});
}

TEST(IntelHex, FaultsNameLineAndFault) {
  EXPECT_EQ(hex_refusal(":0100000001FE\n:0100010001FF\n:00000001FF\n"),
            "a.hex: line 2: checksum FF, but its bytes give FD; write the Intel HEX file again from its ELF");
  const auto names = [](const std::string& text, const std::string& part) {
    EXPECT_NE(hex_refusal(text).find(part), std::string::npos) << hex_refusal(text);
  };
  names(hex_record(0, 0, {1}), "line 1: the file ends without an end record");
  names(":0200000001FD\n", "line 1: says 2 data bytes and has 1");
  names(":01000\n", "line 1: has characters that are no pairs");
  names(":01000000G1FE\n", "line 1: has characters that are no pairs");
  names(":01000000-1FE\n", "line 1: has characters that are no pairs");
  names(":0001FF\n", "line 1: has 3 bytes, fewer than a record");
  names("hello\n", "line 1: does not begin with ':'");
  names(hex_record(6, 0, {}) + kEnd, "line 1: record type 06 is unknown");
  names(hex_record(4, 0, {1}) + kEnd, "line 1: has 1 data bytes where its type has 2");
  names(hex_record(0, 0, {1}) + kEnd + hex_record(0, 1, {1}), "line 3: follows the end record");
  names(hex_record(0, 4, {1, 2}) + hex_record(0, 3, {1, 2}) + kEnd,
        "line 2: bytes at 0x00000003 were given before");
  names(hex_record(0, 4, {1, 2}) + hex_record(0, 5, {1}) + kEnd,
        "line 2: bytes at 0x00000005 were given before");
  names(hex_record(4, 0, {0xff, 0xff}) + hex_record(0, 0xffff, {1, 2}) + kEnd,
        "line 2: its bytes at 0xffffffff run beyond 4 GiB");
  names(hex_record(2, 0, {0, 0}) + hex_record(0, 0xffff, {1, 2}) + kEnd,
        "line 2: runs over the end of its segment");
  names(kEnd, "the file ends and has given no bytes");
  names("", "line 0: the file ends without an end record");
}

TEST(IntelHex, ScatteredAndEndlessFilesAreRefusedInBoundedMemory) {
  std::string scattered;
  for (unsigned base = 0; base < 3; ++base) {
    scattered += hex_record(4, 0, {0, static_cast<std::uint8_t>(base)});
    for (unsigned offset = 0; offset < 0x10000; offset += 2)
      scattered += hex_record(0, static_cast<std::uint16_t>(offset), {1});
  }
  EXPECT_NE(hex_refusal(scattered).find("more than 65536 separate pieces"), std::string::npos);

  std::string large;
  const Content most(255, 0xaa);
  for (unsigned base = 0; base <= 0x401; ++base) {
    large += hex_record(4, 0, {static_cast<std::uint8_t>(base >> 8), static_cast<std::uint8_t>(base)});
    for (unsigned offset = 0; offset + 255 <= 0x10000; offset += 255) {
      large += hex_record(0, static_cast<std::uint16_t>(offset), most);
    }
  }
  EXPECT_NE(hex_refusal(large).find("more than 64 MiB of bytes"), std::string::npos);
}

/// `type` is the digit behind S; `address_bytes` are its.
std::string s_record(char type, unsigned address_bytes, std::uint32_t address, const Content& data) {
  Content record = {static_cast<std::uint8_t>(address_bytes + data.size() + 1)};
  for (unsigned i = address_bytes; i-- > 0;) record.push_back(static_cast<std::uint8_t>(address >> 8 * i));
  record.insert(record.end(), data.begin(), data.end());
  unsigned sum = 0;
  for (const std::uint8_t byte : record) sum += byte;
  record.push_back(static_cast<std::uint8_t>(~sum));
  std::string text = "S";
  text += type;
  text += digits_of(record);
  return text += '\n';
}

TEST(SRecord, DataOfAllThreeAddressSizesIsRead) {
  // The second line is the example of the manual.
  const Image image = srec(
      "S00600004844521B\r\n"
      "S1130000285F245F2212226A000424290008237C2A\r\n" +
      s_record('2', 3, 0x123456, {7}) + s_record('3', 4, 0x08000000, {8, 9}) + s_record('5', 2, 3, {}) +
      s_record('7', 4, 0x08000101, {}));
  ASSERT_EQ(image.segments.size(), 3u);
  EXPECT_EQ(image.segments[0].address, 0u);
  EXPECT_EQ(image.segments[0].bytes.size(), 16u);
  EXPECT_EQ(image.segments[0].bytes[15], 0x7c);
  EXPECT_EQ(image.segments[1].address, 0x123456u);
  EXPECT_EQ(image.segments[2].address, 0x08000000u);
  EXPECT_EQ(image.segments[2].bytes, (Content{8, 9}));
  EXPECT_EQ(image.entry, 0x08000101u);
  EXPECT_EQ(image.flash_used, 19u);
}

TEST(SRecord, FaultsNameLineAndFault) {
  const auto names = [](const std::string& text, const std::string& part) {
    EXPECT_NE(srec_refusal(text).find(part), std::string::npos) << srec_refusal(text);
  };
  const std::string data = s_record('1', 2, 0, {1, 2});
  names("S1130000285F245F2212226A000424290008237C2B\n", "line 1: checksum 2B, but its bytes give 2A");
  names(data, "line 1: the file ends without an end record");
  names(data + s_record('5', 2, 2, {}), "line 2: counts 2 data records where the file has 1");
  names(s_record('4', 2, 0, {}), "line 1: S4 has no meaning");
  names("SX\n", "line 1: does not begin with S0 to S9");
  names("S10500000102F\n", "line 1: has characters that are no pairs");
  names("S1040000010203\n", "line 1: says 4 bytes and has 5");
  names("S301FE\n", "line 1: has 2 bytes, fewer than its type");
  names(s_record('3', 4, 0xffffffff, {1, 2}), "line 1: its bytes at 0xffffffff run beyond 4 GiB");
  names(data + s_record('9', 2, 0, {}) + data, "line 3: follows the end record");
  names(data + data, "line 2: bytes at 0x00000000 were given before");
}

/// A file with this content below a folder of its own.
class Files {
 public:
  std::filesystem::path write(const std::string& name, std::span<const std::uint8_t> content) {
    const std::filesystem::path path = folder_.path() / name;
    write_file(path, content);
    return path;
  }

 private:
  TemporaryDirectory folder_;
};

TEST(LoadImage, FormatIsKnownByContentWhateverTheName) {
  Files files;
  const std::string text = hex_record(0, 0x10, {1, 2}) + kEnd;
  EXPECT_EQ(load_image(files.write("a.bin", bytes_of(text))).segments[0].address, 0x10u);
  const std::string other = s_record('1', 2, 0x20, {1}) + s_record('9', 2, 0, {});
  EXPECT_EQ(load_image(files.write("a.img", bytes_of(other))).segments[0].address, 0x20u);
}

TEST(LoadImage, RawBinariesAreKnownByTheirExtensionAndLieAtTheBase) {
  Files files;
  const Content content = {0x00, 0x04, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08};
  const std::filesystem::path path = files.write("a.BIN", content);
  EXPECT_EQ(load_image(path).segments[0].address, 0x08000000u);
  EXPECT_EQ(load_image(path, {.base = {}, .flash = 0x10000000}).segments[0].address, 0x10000000u);
  const Image image = load_image(path, {.base = 0x24000000, .flash = 0});
  EXPECT_EQ(image.segments[0].address, 0x24000000u);
  EXPECT_EQ(image.segments[0].bytes, content);
  EXPECT_EQ(image.flash_used, 8u);
  // It begins as a record does, but is none.
  EXPECT_EQ(load_image(files.write("colon.bin", bytes_of(":raw"))).segments[0].bytes.size(), 4u);
  EXPECT_NE(refusal([&] {
              load_image(path, {.base = 0xfffffffc, .flash = 0});
            }).find("run beyond 4 GiB; choose another --base"),
            std::string::npos);
}

TEST(LoadImage, OtherFilesAndABaseThatDoesNotApplyAreRefused) {
  Files files;
  const auto names = [&](const std::filesystem::path& path, const LoadOptions& options,
                         const std::string& part) {
    const std::string text = refusal([&] { load_image(path, options); });
    EXPECT_NE(text.find(part), std::string::npos) << text;
    EXPECT_TRUE(text.starts_with(path.string())) << text;
  };
  names(files.write("a.txt", bytes_of("hello")), {}, "not an ELF, Intel HEX or S-record file");
  names(files.write("a.hex", bytes_of(":0100000001FF\n")), {}, "line 1: checksum FF");
  names(files.write("a.srec", bytes_of("S1040000010203\n")), {}, "line 1: says 4 bytes");
  names(files.write("b.hex", bytes_of(hex_record(0, 0, {1}) + kEnd)), {.base = 0},
        "--base is for raw .bin files");
}

/// A tool that writes both formats, so that the reader is not tested against its own idea of them.
TEST(LoadImage, AgreesWithObjcopy) {
  if (std::system("arm-none-eabi-objcopy --version > /dev/null 2>&1") != 0) {
    GTEST_SKIP() << "arm-none-eabi-objcopy is not installed";
  }
  Files files;
  std::mt19937 random(7);
  Content content(200'001);
  for (std::uint8_t& byte : content) byte = static_cast<std::uint8_t>(random());
  const std::filesystem::path raw = files.write("a.bin", content);
  for (const std::string format : {"ihex", "srec"}) {
    const std::filesystem::path written = raw.parent_path() / format;
    const std::string command = "arm-none-eabi-objcopy -I binary -O " + format +
                                " --change-addresses 0x0800fff0 " + raw.string() + " " + written.string();
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    const Image image = load_image(written);
    ASSERT_EQ(image.segments.size(), 1u) << format;
    EXPECT_EQ(image.segments[0].address, 0x0800fff0u) << format;
    EXPECT_EQ(image.segments[0].bytes, content) << format;
  }
}

TEST(LoadImage, DamagedFilesAreReadOrRefusedInOneLine) {
  std::string good_hex = hex_record(4, 0, {8, 0});
  std::string good_srec;
  for (std::uint16_t i = 0; i < 20; ++i) {
    good_hex += hex_record(0, static_cast<std::uint16_t>(16 * i), Content(16, static_cast<std::uint8_t>(i)));
    good_srec += s_record('3', 4, 0x08000000u + 16 * i, Content(16, static_cast<std::uint8_t>(i)));
  }
  good_hex += kEnd;
  good_srec += s_record('7', 4, 0, {});
  std::mt19937 random(11);
  unsigned refused = 0;
  constexpr unsigned kRounds = 5000;
  for (unsigned round = 0; round < kRounds; ++round) {
    std::string text = round % 2 == 0 ? good_hex : good_srec;
    switch (random() % 4) {
      case 0:
        text[random() % text.size()] = static_cast<char>(random());
        break;
      case 1:
        text.resize(random() % text.size());
        break;
      case 2:
        text.erase(random() % text.size(), random() % 40);
        break;
      default:
        text.insert(random() % text.size(), text.substr(random() % text.size(), random() % 60));
    }
    const std::string answer = round % 2 == 0 ? hex_refusal(text) : srec_refusal(text);
    refused += answer != "accepted";
  }
  // A change may hit white space or the case of a digit; most must be seen.
  EXPECT_GT(refused, kRounds * 9 / 10);
}

TEST(LoadImage, PublicFirmwareAsIntelHex) {
  const char* folder = std::getenv("MCUSIM_FIRMWARE_DIR");
  if (folder == nullptr) GTEST_SKIP() << "set MCUSIM_FIRMWARE_DIR to a folder with public firmware";
  const auto file = std::filesystem::path(folder) / "Ahmed-Mujtaba-98/Release/intq-mobilenet-v1.hex";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is absent";
  const Image image = load_image(file);
  // Counted with another reader: vectors, program, and the activations in AXI SRAM.
  ASSERT_EQ(image.segments.size(), 3u);
  EXPECT_EQ(image.segments[0].address, 0x08000000u);
  EXPECT_EQ(image.segments[0].bytes.size(), 664u);
  EXPECT_EQ(image.segments[1].address, 0x080002a0u);
  EXPECT_EQ(image.segments[1].bytes.size(), 602'156u);
  EXPECT_EQ(image.segments[2].address, 0x24000000u);
  EXPECT_EQ(image.segments[2].bytes.size(), 153'600u);
  EXPECT_EQ(image.entry, 0x080042e5u);
}

}  // namespace
}  // namespace mcusim::emulator
