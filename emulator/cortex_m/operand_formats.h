#pragma once

#include <array>

#include "emulator/cortex_m/encodings.h"

namespace mcusim::emulator::cortex_m {

/// What an encoding's letters hold, and where the instruction stands.
struct Operands {
  std::array<std::uint32_t, 128> field{};  ///< By letter.
  std::uint32_t raw = 0;                   ///< 16-bit encodings in the low half.
  Address pc = 0;
  bool in_it = false;
  bool last_in_it = false;
  Features features = 0;

  std::uint32_t operator[](char letter) const { return field[static_cast<unsigned char>(letter)]; }
};

/// Fills `operation` (code, registers, constants) from the operands of `encoding`. False where the manual
/// says UNDEFINED, or UNPREDICTABLE in a way that this core answers with UNDEFINED: PC as an operand
/// that allows none, an empty register list, a branch inside an IT block that is not its last.
bool apply_format(const Encoding& encoding, const Operands& operands, Operation& operation);

/// ITSTATE after one more instruction (DDI 0403E, ITAdvance).
constexpr std::uint8_t advance_it(std::uint8_t it) {
  return (it & 7) == 0 ? 0 : static_cast<std::uint8_t>((it & 0xe0) | ((it << 1) & 0x1f));
}

/// ThumbExpandImm of a 12-bit modified constant.
std::uint32_t expand_constant(std::uint32_t imm12);

}  // namespace mcusim::emulator::cortex_m
