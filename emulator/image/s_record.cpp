#include <fmt/format.h>

#include <array>
#include <numeric>

#include "emulator/image/formats.h"
#include "emulator/image/record_file.h"

// Motorola, M68000 Family Programmer's Reference Manual, appendix C: S-record output format.

namespace mcusim::emulator {
namespace {

constexpr std::string_view kFormat = "S-record";

enum class Kind : std::uint8_t { header, data, count, end, reserved };
struct Type {
  Kind kind;
  std::size_t address_bytes;
};
/// S0 to S9.
constexpr std::array<Type, 10> kTypes = {{{Kind::header, 2},
                                          {Kind::data, 2},
                                          {Kind::data, 3},
                                          {Kind::data, 4},
                                          {Kind::reserved, 0},
                                          {Kind::count, 2},
                                          {Kind::count, 3},
                                          {Kind::end, 4},
                                          {Kind::end, 3},
                                          {Kind::end, 2}}};

/// The last byte is the complement of the sum of the others.
std::uint8_t checksum(std::span<const std::uint8_t> record) {
  const auto others = record.first(record.size() - 1);
  return static_cast<std::uint8_t>(~std::accumulate(others.begin(), others.end(), 0u));
}

bool begins_record(std::string_view line) {
  return line.size() >= 2 && line[0] == 'S' && line[1] >= '0' && line[1] <= '9';
}

class Reader {
 public:
  Reader(const std::string& file, std::span<const std::uint8_t> content) : records_(file, kFormat, content) {}

  Image read() {
    while (!ended_) {
      const std::string_view line = records_.next_line();
      if (line.empty()) records_.fail("the file ends without an end record (S7, S8 or S9)");
      read_record(line);
    }
    if (!records_.next_line().empty()) records_.fail("follows the end record");
    return records_.finish(entry_);
  }

 private:
  void read_record(std::string_view line) {
    if (!begins_record(line)) records_.fail("does not begin with S0 to S9");
    const Type type = kTypes[static_cast<std::size_t>(line[1] - '0')];
    if (type.kind == Kind::reserved) records_.fail("S4 has no meaning");
    const auto record = RecordFile::decode(line.substr(2));
    if (!record) records_.fail("has characters that are no pairs of hexadecimal digits");
    if (record->size() < type.address_bytes + 2) {
      records_.fail(fmt::format("has {} bytes, fewer than its type", record->size()));
    }
    if (record->front() != record->size() - 1) {
      records_.fail(fmt::format("says {} bytes and has {}", record->front(), record->size() - 1));
    }
    if (checksum(*record) != record->back()) {
      records_.fail(
          fmt::format("checksum {:02X}, but its bytes give {:02X}", record->back(), checksum(*record)));
    }
    std::uint32_t address = 0;
    for (std::size_t i = 1; i <= type.address_bytes; ++i) address = address << 8 | (*record)[i];
    const auto data =
        std::span(*record).subspan(1 + type.address_bytes, record->size() - 2 - type.address_bytes);
    switch (type.kind) {
      case Kind::data:
        records_.add(address, data);
        ++data_records_;
        break;
      case Kind::count: {
        const std::uint32_t counted = data_records_ & ((1u << 8 * type.address_bytes) - 1);
        if (address != counted) {
          records_.fail(fmt::format("counts {} data records where the file has {}", address, data_records_));
        }
        break;
      }
      case Kind::end:
        entry_ = address;
        ended_ = true;
        break;
      default:
        break;
    }
  }

  RecordFile records_;
  std::uint32_t data_records_ = 0;
  bool ended_ = false;
  Address entry_ = 0;
};

}  // namespace

Image parse_s_record(const std::string& file, std::span<const std::uint8_t> content) {
  return Reader(file, content).read();
}

bool is_s_record(std::span<const std::uint8_t> content) {
  const std::string_view line = RecordFile("", kFormat, content).next_line();
  if (!begins_record(line)) return false;
  const auto record = RecordFile::decode(line.substr(2));
  return record && record->size() >= 2 && checksum(*record) == record->back();
}

}  // namespace mcusim::emulator
