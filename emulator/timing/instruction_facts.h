#pragma once

#include <cstdint>

#include "emulator/timing/instruction_class.h"

namespace mcusim::emulator {

/// Bit n: core register n (0 to 15). kFlags: APSR. kFpFlags: the flags of FPSCR. From bit 32: S0 to S31, of
/// which a double-precision register is two.
using RegisterSet = std::uint64_t;

inline constexpr RegisterSet kFlags = 1u << 16;
inline constexpr RegisterSet kFpFlags = 1u << 17;
inline constexpr unsigned kFirstSingle = 32;

/// What a pipeline model needs to know of one instruction; fixed when it is decoded.
struct InstructionFacts {
  InstructionClass instruction_class = InstructionClass::alu;
  std::uint8_t slots = 1;          ///< Length in half-words.
  std::uint8_t cycles = 1;         ///< By the core's cost table, without the refill behind a branch.
  std::uint8_t items = 0;          ///< Words that a load, store or move of several registers transfers.
  std::uint8_t width = 4;          ///< Bytes of each access, if there is one.
  bool conditional = false;        ///< In an IT block, or a conditional branch.
  bool shifted_constant = false;   ///< A constant that the encoding rotates into place.
  bool add_move_or_shift = false;  ///< ADD, SUB, MOV or a shift, with plain operands.
  bool backward = false;           ///< A direct branch to its own address or a lower one.

  RegisterSet address = 0;       ///< Form the address of an access.
  RegisterSet operands = 0;      ///< Read by data processing, branches and multiplication.
  RegisterSet shifted = 0;       ///< Read through the shifter in front of another operation.
  RegisterSet accumulators = 0;  ///< Added to a product.
  RegisterSet stored = 0;
  RegisterSet results = 0;  ///< Of data processing.
  RegisterSet loaded = 0;
  RegisterSet base = 0;  ///< The address register that is written back.

  bool operator==(const InstructionFacts&) const = default;
};

}  // namespace mcusim::emulator
