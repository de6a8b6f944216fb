#include <fmt/format.h>

#include <numeric>

#include "emulator/image/formats.h"
#include "emulator/image/record_file.h"

// Intel, Hexadecimal Object File Format Specification, revision A, 1988.

namespace mcusim::emulator {
namespace {

constexpr std::string_view kFormat = "Intel HEX";
constexpr std::size_t kFrame = 5;  ///< Length, two of address, type, checksum.
constexpr std::uint32_t kSegmentSize = 0x10000;

/// A record's bytes add up to 0; the last is chosen so.
std::uint8_t sum(std::span<const std::uint8_t> bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), std::uint8_t{0},
                         [](std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(a + b); });
}

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), std::uint32_t{0},
                         [](std::uint32_t a, std::uint8_t b) { return a << 8 | b; });
}

class Reader {
 public:
  Reader(const std::string& file, std::span<const std::uint8_t> content) : records_(file, kFormat, content) {}

  Image read() {
    while (!ended_) {
      const std::string_view line = records_.next_line();
      if (line.empty()) records_.fail("the file ends without an end record");
      read_record(line);
    }
    if (!records_.next_line().empty()) records_.fail("follows the end record");
    return records_.finish(entry_);
  }

 private:
  void read_record(std::string_view line) {
    if (line.front() != ':') records_.fail("does not begin with ':'");
    const auto record = RecordFile::decode(line.substr(1));
    if (!record) records_.fail("has characters that are no pairs of hexadecimal digits");
    if (record->size() < kFrame)
      records_.fail(fmt::format("has {} bytes, fewer than a record", record->size()));
    const std::size_t length = record->front();
    if (record->size() != length + kFrame) {
      records_.fail(fmt::format("says {} data bytes and has {}", length, record->size() - kFrame));
    }
    if (sum(*record) != 0) {
      const auto expected = static_cast<std::uint8_t>(record->back() - sum(*record));
      records_.fail(fmt::format("checksum {:02X}, but its bytes give {:02X}", record->back(), expected));
    }
    const std::span<const std::uint8_t> data = std::span(*record).subspan(4, length);
    const std::uint32_t offset = big_endian(std::span(*record).subspan(1, 2));
    switch ((*record)[3]) {
      case 0:
        if (segmented_ && offset + length > kSegmentSize) records_.fail("runs over the end of its segment");
        records_.add(std::uint64_t{base_} + offset, data);
        break;
      case 1:
        expect_length(length, 0);
        ended_ = true;
        break;
      case 2:
        expect_length(length, 2);
        base_ = big_endian(data) << 4;
        segmented_ = true;
        break;
      case 3:  // CS:IP of an 8086
        expect_length(length, 4);
        break;
      case 4:
        expect_length(length, 2);
        base_ = big_endian(data) << 16;
        segmented_ = false;
        break;
      case 5:
        expect_length(length, 4);
        entry_ = big_endian(data);
        break;
      default:
        records_.fail(fmt::format("record type {:02X} is unknown", (*record)[3]));
    }
  }

  void expect_length(std::size_t length, std::size_t expected) const {
    if (length != expected) {
      records_.fail(fmt::format("has {} data bytes where its type has {}", length, expected));
    }
  }

  RecordFile records_;
  std::uint32_t base_ = 0;
  bool segmented_ = false;
  bool ended_ = false;
  Address entry_ = 0;
};

}  // namespace

Image parse_intel_hex(const std::string& file, std::span<const std::uint8_t> content) {
  return Reader(file, content).read();
}

bool is_intel_hex(std::span<const std::uint8_t> content) {
  const std::string_view line = RecordFile("", kFormat, content).next_line();
  if (line.empty() || line.front() != ':') return false;
  const auto record = RecordFile::decode(line.substr(1));
  return record && record->size() >= kFrame && sum(*record) == 0;
}

}  // namespace mcusim::emulator
