#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mcusim::emulator {

/// The fixed bits of a pattern: one character per bit, 0 and 1 fixed, letters operands, spaces for the eye.
struct PatternMatch {
  std::uint32_t mask = 0;
  std::uint32_t value = 0;
};

/// Throws std::logic_error when the pattern has not so many bits.
inline PatternMatch match_of(std::string_view pattern, unsigned bits) {
  PatternMatch match;
  unsigned count = 0;
  for (const char c : pattern) {
    if (c == ' ') continue;
    match.mask = match.mask << 1 | (c == '0' || c == '1');
    match.value = match.value << 1 | (c == '1');
    ++count;
  }
  if (count != bits) throw std::logic_error("pattern of wrong length: " + std::string(pattern));
  return match;
}

/// Look-up tables over the rows of an instruction set with encodings of 16 and of 32 bits. Where several rows
/// match, the one that was added first holds. `Encoding::pattern` is as in PatternMatch; rows must outlive
/// it.
template <typename Encoding>
class EncodingTable {
 public:
  /// Bits that tell 32-bit rows apart: `high_bits` of them from bit `high_shift` up, and `low_bits` from
  /// `low_shift`.
  struct Key {
    unsigned high_shift, high_bits, low_shift = 0, low_bits = 0;
  };

  explicit EncodingTable(Key key)
      : key_(key), table16_(1u << 16), buckets32_(std::size_t{1} << (key.high_bits + key.low_bits)) {}

  void add16(const Encoding& encoding) {
    const PatternMatch match = match_of(encoding.pattern, 16);
    rows16_.push_back(&encoding);
    if (rows16_.size() > 255) throw std::logic_error("more than 255 16-bit encodings");
    // Every value of the free bits, counted down through the inverted mask.
    const std::uint32_t free_bits = ~match.mask & 0xffff;
    for (std::uint32_t bits = free_bits;; bits = (bits - 1) & free_bits) {
      std::uint8_t& entry = table16_[match.value | bits];
      if (entry == 0) entry = static_cast<std::uint8_t>(rows16_.size());
      if (bits == 0) break;
    }
  }

  void add32(const Encoding& encoding) {
    const Row row{match_of(encoding.pattern, 32), &encoding};
    const std::uint32_t mask = bucket_of(row.match.mask), value = bucket_of(row.match.value);
    for (std::uint32_t bucket = 0; bucket < buckets32_.size(); ++bucket) {
      if (((bucket ^ value) & mask) == 0) buckets32_[bucket].push_back(row);
    }
  }

  /// The row that matches; null when there is none.
  const Encoding* find16(std::uint16_t raw) const {
    const std::uint8_t entry = table16_[raw];
    return entry == 0 ? nullptr : rows16_[entry - 1u];
  }
  const Encoding* find32(std::uint32_t raw) const {
    for (const Row& row : buckets32_[bucket_of(raw)]) {
      if ((raw & row.match.mask) == row.match.value) return row.encoding;
    }
    return nullptr;
  }

 private:
  struct Row {
    PatternMatch match;
    const Encoding* encoding = nullptr;
  };

  std::uint32_t bucket_of(std::uint32_t raw) const {
    const std::uint32_t high = raw >> key_.high_shift & ((1u << key_.high_bits) - 1);
    const std::uint32_t low = raw >> key_.low_shift & ((1u << key_.low_bits) - 1);
    return high << key_.low_bits | low;
  }

  const Key key_;
  std::vector<const Encoding*> rows16_;
  std::vector<std::uint8_t> table16_;  ///< By encoding: 1 + index of its row, 0: none.
  std::vector<std::vector<Row>> buckets32_;
};

}  // namespace mcusim::emulator
