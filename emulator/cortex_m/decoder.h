#pragma once

#include <string>

#include "emulator/cortex_m/cost_table.h"
#include "emulator/cortex_m/encodings.h"
#include "emulator/encoding_table.h"

namespace mcusim::emulator::cortex_m {

/// True when `halfword` is the first of a 32-bit encoding.
constexpr bool is_wide(std::uint32_t halfword) { return halfword >= 0xe800; }

/// Turns encodings into operations for one core. Look-up tables are built from the rows of encodings*.cpp.
class Decoder {
 public:
  Decoder(Features features, const CostTable& costs);

  /// Decodes the instruction at `pc` under ITSTATE `it`; `second` is ignored by 16-bit encodings. Count and
  /// cycles start at 0.
  Operation decode(std::uint16_t first, std::uint16_t second, Address pc, std::uint8_t it) const;

  /// The row that holds for an encoding, null when it is UNDEFINED on this core. For disassembly and tests.
  const Encoding* find(std::uint16_t first, std::uint16_t second) const;

 private:
  bool available(const Encoding& encoding) const { return (encoding.needs & ~features_) == 0; }

  Features features_;
  const CostTable& costs_;
  EncodingTable<Encoding> table_;
};

}  // namespace mcusim::emulator::cortex_m
