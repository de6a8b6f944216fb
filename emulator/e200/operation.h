#pragma once

#include <cstdint>

#include "common/units.h"
#include "emulator/timing/instruction_class.h"

namespace mcusim::emulator::e200 {

#include "emulator/e200/operation_codes.inc"

/// What a loop does for an operation. The pseudo codes come first: they are no instructions and count
/// nothing.
enum class Code : std::uint16_t {
#define MCUSIM_ENUMERATOR(name) name,
  MCUSIM_VLE_PSEUDO_CODES(MCUSIM_ENUMERATOR)
#undef MCUSIM_ENUMERATOR
#define MCUSIM_ENUMERATOR(name) name##_,
      MCUSIM_VLE_OPERATION_CODES(MCUSIM_ENUMERATOR)
#undef MCUSIM_ENUMERATOR
};

constexpr Code operator+(Code code, unsigned variant) {
  return static_cast<Code>(static_cast<unsigned>(code) + variant);
}

/// Number of the register that always reads 0: "rA = 0" of address computations.
inline constexpr std::uint8_t kZeroRegister = 32;

/// One decoded instruction: what a loop needs to execute and count it. One per half-word of a code page.
struct Operation {
  Code code = Code::decode;
  /// Registers, fields or bits of CR, small constants: the operands' letters in operands.h say which.
  std::uint8_t d = 0, a = 0, b = 0;
  std::uint8_t slots = 1;  ///< Length in half-words.
  InstructionClass instruction_class = InstructionClass::exception;
  std::uint8_t cost = 0;  ///< Cycles of each execution by the class table.
  std::uint32_t imm = 0;
  Address pc = 0;            ///< Of the instruction itself.
  std::int32_t delta = 0;    ///< Branches inside a page: distance to the target in operations; 0: elsewhere.
  std::uint32_t facts = 0;   ///< Of the pipeline model: its number for the instruction; 0: none yet.
  std::uint64_t count = 0;   ///< Executions.
  std::uint64_t cycles = 0;  ///< What was charged beyond count * cost. Modulo 2^64.

  Cycles total_cycles() const { return count * cost + cycles; }
};
static_assert(sizeof(Operation) <= 40);

}  // namespace mcusim::emulator::e200
