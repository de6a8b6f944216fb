#include "emulator/image/record_file.h"

#include <fmt/format.h>

#include <charconv>

#include "common/error.h"

namespace mcusim::emulator {
namespace {

constexpr std::uint64_t kAddressSpace = 1ull << 32;
constexpr std::string_view kWhiteSpace = " \t\r";

}  // namespace

RecordFile::RecordFile(std::string file, std::string_view format, std::span<const std::uint8_t> content)
    : file_(std::move(file)),
      format_(format),
      rest_(reinterpret_cast<const char*>(content.data()), content.size()) {}

std::string_view RecordFile::next_line() {
  while (!rest_.empty()) {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++line_;
    line = line.substr(0, line.find_last_not_of(kWhiteSpace) + 1);
    if (!line.empty()) return line;
  }
  return {};
}

std::optional<std::vector<std::uint8_t>> RecordFile::decode(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes(digits.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char* first = digits.data() + 2 * i;
    const auto [end, error] = std::from_chars(first, first + 2, bytes[i], 16);
    if (error != std::errc() || end != first + 2) return std::nullopt;
  }
  return bytes;
}

void RecordFile::add(std::uint64_t address, std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return;
  const std::uint64_t end = address + bytes.size();
  if (end > kAddressSpace) fail(fmt::format("its bytes at {:#x} run beyond 4 GiB", address));
  total_ += bytes.size();
  if (total_ > kLargestImage) fail(fmt::format("more than {} MiB of bytes", kLargestImage >> 20));

  const auto next = pieces_.upper_bound(static_cast<Address>(address));
  bool overlap = next != pieces_.end() && next->first < end;
  if (next != pieces_.begin()) {
    auto& [previous, content] = *std::prev(next);
    const std::uint64_t previous_end = std::uint64_t{previous} + content.size();
    overlap = overlap || previous_end > address;
    if (!overlap && previous_end == address) {
      content.insert(content.end(), bytes.begin(), bytes.end());
      return;
    }
  }
  if (overlap) fail(fmt::format("bytes at {:#010x} were given before", address));
  if (pieces_.size() == kMostPieces) fail(fmt::format("more than {} separate pieces", kMostPieces));
  pieces_.emplace_hint(next, static_cast<Address>(address),
                       std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
}

void RecordFile::fail(const std::string& fault) const {
  throw InputError(
      fmt::format("{}: line {}: {}; write the {} file again from its ELF", file_, line_, fault, format_));
}

Image RecordFile::finish(Address entry) {
  if (pieces_.empty()) fail("the file ends and has given no bytes");
  Image image;
  image.file = file_;
  image.entry = entry;
  image.flash_used = total_;
  for (auto& [address, bytes] : pieces_) {
    if (!image.segments.empty()) {
      Segment& last = image.segments.back();
      if (last.address + last.bytes.size() == address) {
        last.bytes.insert(last.bytes.end(), bytes.begin(), bytes.end());
        continue;
      }
    }
    image.segments.push_back({address, std::move(bytes)});
  }
  return image;
}

}  // namespace mcusim::emulator
