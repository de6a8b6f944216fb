#pragma once

#include <cstdint>

#include "emulator/e200/encodings.h"
#include "emulator/encoding_table.h"
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
  const ClassCosts& costs_;
  EncodingTable<Encoding> table_;
};

}  // namespace mcusim::emulator::e200
