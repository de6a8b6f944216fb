#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/image/image.h"

namespace mcusim::emulator {

/// More bytes than this in one image are refused: no microcontroller holds them.
inline constexpr Bytes kLargestImage = 64ull << 20;

/// A text file of hexadecimal records, line by line, and the bytes collected from them.
class RecordFile {
 public:
  /// `format` as errors call it: "Intel HEX".
  RecordFile(std::string file, std::string_view format, std::span<const std::uint8_t> content);

  /// The next line that is not blank, without white space at its end; empty at the end of the file.
  std::string_view next_line();

  /// The bytes of pairs of hexadecimal digits; nothing when there is another character or an odd number.
  static std::optional<std::vector<std::uint8_t>> decode(std::string_view digits);

  /// Refuses bytes that were given before, end beyond 4 GiB or are too many.
  void add(std::uint64_t address, std::span<const std::uint8_t> bytes);

  /// Throws "file: line N: fault; remedy" for the current line.
  [[noreturn]] void fail(const std::string& fault) const;

  /// Adjacent bytes are merged. Throws when there are none.
  Image finish(Address entry);

 private:
  /// Pieces that do not continue an earlier one; bounds the memory of scattered records.
  static constexpr std::size_t kMostPieces = 65536;

  std::string file_;
  std::string_view format_;
  std::string_view rest_;
  unsigned line_ = 0;
  Bytes total_ = 0;
  std::map<Address, std::vector<std::uint8_t>> pieces_;
};

}  // namespace mcusim::emulator
