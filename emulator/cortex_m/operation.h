#pragma once

#include <cstdint>

#include "common/units.h"
#include "emulator/timing/instruction_class.h"

namespace mcusim::emulator::cortex_m {

#include "emulator/cortex_m/operation_codes.inc"

/// What a loop does for an operation. The pseudo codes come first: they are no instructions and count
/// nothing.
enum class Code : std::uint16_t {
#define MCUSIM_ENUMERATOR(name) name,
  MCUSIM_PSEUDO_CODES(MCUSIM_ENUMERATOR)
#undef MCUSIM_ENUMERATOR
#define MCUSIM_ENUMERATOR(name) name##_,
      MCUSIM_OPERATION_CODES(MCUSIM_ENUMERATOR)
#undef MCUSIM_ENUMERATOR
};

constexpr Code operator+(Code code, unsigned variant) {
  return static_cast<Code>(static_cast<unsigned>(code) + variant);
}

/// One decoded instruction: what a loop needs to execute and count it. One per half-word of a code page.
struct Operation {
  Code code = Code::decode;
  Code inner = Code::decode;                ///< What `if_passed` executes when its condition holds.
  std::uint8_t d = 0, n = 0, m = 0, a = 0;  ///< Registers, or small constants as the handler says.
  std::uint32_t imm = 0;
  Address pc = 0;          ///< Of the instruction itself.
  std::int32_t delta = 0;  ///< Branches inside a page: distance to the target in operations.
  std::uint8_t slots = 1;  ///< Length in half-words.
  std::uint8_t it = 0;     ///< ITSTATE the instruction was decoded under; 0 outside an IT block.
  InstructionClass instruction_class = InstructionClass::exception;
  std::uint8_t cost = 0;     ///< Cycles of each execution by the class table.
  std::uint32_t facts = 0;   ///< Of a pipeline model: its number for the instruction; 0: none yet.
  std::uint64_t count = 0;   ///< Executions; those that an IT block suppressed are not among them.
  std::uint64_t cycles = 0;  ///< What was charged beyond count * cost. Modulo 2^64.

  Cycles total_cycles() const { return count * cost + cycles; }
};
static_assert(sizeof(Operation) <= 48);

}  // namespace mcusim::emulator::cortex_m
