#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcusim::codegen::vle {

/// One instruction of the input: "lwz 3, 8(1)".
struct Instruction {
  std::string mnemonic;
  std::vector<std::string> operands;  ///< Without blanks around them.
  std::string place;                  ///< "conv2d_s8.s:12", for messages.

  /// Throws InputError: place, the instruction and what is wrong with it.
  [[noreturn]] void refuse(std::string_view fault) const;
};

/// A number of a general-purpose register.
using Gpr = unsigned;

/// "8(1)", "sym@l(4)".
struct MemoryOperand {
  std::string displacement;
  Gpr base = 0;
};

/// The converter's own registers; clang allocates neither without small data areas.
inline constexpr Gpr kScratch = 13;
inline constexpr Gpr kReserved = 2;

/// Decimal or hexadecimal, with a sign. Empty for anything else, as a symbol.
std::optional<std::int64_t> number(std::string_view text);

/// "5" or "r5"; refuses the converter's own registers.
Gpr gpr(const Instruction& instruction, std::size_t operand);
/// "5" or "cr5".
unsigned condition_field(const Instruction& instruction, std::size_t operand);
/// "22" or "4*cr5+eq".
unsigned condition_bit(const Instruction& instruction, std::size_t operand);
/// A number between `least` and `most`.
std::int64_t immediate(const Instruction& instruction, std::size_t operand, std::int64_t least,
                       std::int64_t most);
MemoryOperand memory(const Instruction& instruction, std::size_t operand);
void expect_operands(const Instruction& instruction, std::size_t count);

/// Splits what stands between labels and comments: "lwz 3, 8(1)".
Instruction parse_instruction(std::string_view text, std::string place);

}  // namespace mcusim::codegen::vle
