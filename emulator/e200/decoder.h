#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "emulator/e200/encodings.h"
#include "emulator/timing/class_costs.h"

namespace mcusim::emulator::e200 {

/// True when `halfword` is the first of a 32-bit encoding (VLEPEM 1.3: the primary opcodes 1 to 7 that are
/// odd in their upper four bits).
constexpr bool is_wide(std::uint32_t halfword) { return (halfword & 0x9000) == 0x1000; }

/// Turns encodings into operations. Look-up tables are built from the rows of encodings*.cpp.
class Decoder {
 public:
  /// `costs` must outlive the decoder.
  explicit Decoder(const ClassCosts& costs);

  /// Decodes the instruction at `pc`; `second` is ignored by 16-bit encodings. Count and cycles start at 0.
  Operation decode(std::uint16_t first, std::uint16_t second, Address pc) const;

  /// The row that holds for an encoding, null when there is none. For disassembly and tests.
  const Encoding* find(std::uint16_t first, std::uint16_t second) const;

 private:
  struct Row {
    std::uint32_t mask = 0;
    std::uint32_t value = 0;
    const Encoding* encoding = nullptr;
  };
  static constexpr unsigned kBuckets = 1u << 12;
  static unsigned bucket_of(std::uint32_t raw) { return raw >> 26 << 6 | (raw >> 1 & 63); }

  void add_rows16();
  void add_rows32();

  const ClassCosts& costs_;
  std::vector<Row> rows16_, rows32_;
  std::vector<std::uint8_t> table16_;  ///< By encoding: 1 + index of its row, 0: none.
  std::array<std::vector<std::uint16_t>, kBuckets> buckets32_;  ///< Rows by primary opcode and bits 6..1.
};

}  // namespace mcusim::emulator::e200
