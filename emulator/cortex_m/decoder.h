#pragma once

#include <array>
#include <string>
#include <vector>

#include "emulator/cortex_m/cost_table.h"
#include "emulator/cortex_m/encodings.h"

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
  struct Row {
    std::uint32_t mask = 0;
    std::uint32_t value = 0;
    const Encoding* encoding = nullptr;
  };

  void add_rows16();
  void add_rows32(std::span<const Encoding> encodings);
  bool available(const Encoding& encoding) const { return (encoding.needs & ~features_) == 0; }

  Features features_;
  const CostTable& costs_;
  std::vector<Row> rows16_, rows32_;
  std::vector<std::uint8_t> table16_;                      ///< By encoding: 1 + index of its row, 0: none.
  std::array<std::vector<std::uint16_t>, 512> buckets32_;  ///< Rows by bits 28..20 of the encoding, in order.
};

}  // namespace mcusim::emulator::cortex_m
