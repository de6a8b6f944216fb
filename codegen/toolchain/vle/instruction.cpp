#include "codegen/toolchain/vle/instruction.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "common/error.h"

namespace mcusim::codegen::vle {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::optional<unsigned> below(std::string_view text, std::string_view prefix, unsigned count) {
  if (text.starts_with('%')) text.remove_prefix(1);
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  const std::optional<std::int64_t> value = number(text);
  if (!value || *value < 0 || *value >= count) return std::nullopt;
  return static_cast<unsigned>(*value);
}

/// "lt", "gt", "eq", "so" or "un" at the end of "4*cr5+eq".
std::optional<unsigned> bit_name(std::string_view text) {
  if (text == "lt") return 0;
  if (text == "gt") return 1;
  if (text == "eq") return 2;
  if (text == "so" || text == "un") return 3;
  return std::nullopt;
}

Gpr checked_gpr(const Instruction& instruction, std::string_view text) {
  const std::optional<unsigned> value = below(text, "r", 32);
  if (!value) instruction.refuse(fmt::format("{} is not a general-purpose register", text));
  if (*value == kScratch || *value == kReserved) {
    instruction.refuse(fmt::format("r{} belongs to the converter", *value));
  }
  return *value;
}

const std::string& operand_of(const Instruction& instruction, std::size_t operand) {
  if (operand >= instruction.operands.size()) instruction.refuse("it has too few operands");
  return instruction.operands[operand];
}

}  // namespace

void Instruction::refuse(std::string_view fault) const {
  throw InputError(fmt::format("{}: no VLE code for '{} {}': {}; compile with the flags of docs/vle.md",
                               place, mnemonic, fmt::join(operands, ", "), fault));
}

std::optional<std::int64_t> number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value, hexadecimal ? 16 : 10);
  if (error != std::errc() || end != text.end()) return std::nullopt;
  return negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
}

Gpr gpr(const Instruction& instruction, std::size_t operand) {
  return checked_gpr(instruction, operand_of(instruction, operand));
}

unsigned condition_field(const Instruction& instruction, std::size_t operand) {
  const std::string& text = operand_of(instruction, operand);
  const std::optional<unsigned> field = below(text, "cr", 8);
  if (!field) instruction.refuse(fmt::format("{} is not a field of the condition register", text));
  return *field;
}

unsigned condition_bit(const Instruction& instruction, std::size_t operand) {
  const std::string_view text = operand_of(instruction, operand);
  if (const std::optional<unsigned> bit = below(text, "", 32)) return *bit;
  if (const std::optional<unsigned> bit = bit_name(text)) return *bit;
  const std::size_t plus = text.find('+');
  if (text.starts_with("4*cr") && plus != std::string_view::npos) {
    const std::optional<unsigned> field = below(text.substr(2, plus - 2), "cr", 8);
    const std::optional<unsigned> bit = bit_name(text.substr(plus + 1));
    if (field && bit) return 4 * *field + *bit;
  }
  instruction.refuse(fmt::format("{} is not a bit of the condition register", text));
}

std::int64_t immediate(const Instruction& instruction, std::size_t operand, std::int64_t least,
                       std::int64_t most) {
  const std::string& text = operand_of(instruction, operand);
  const std::optional<std::int64_t> value = number(text);
  if (!value || *value < least || *value > most) {
    instruction.refuse(fmt::format("{} is not a number from {} to {}", text, least, most));
  }
  return *value;
}

MemoryOperand memory(const Instruction& instruction, std::size_t operand) {
  const std::string_view text = operand_of(instruction, operand);
  const std::size_t open = text.rfind('(');
  if (open == std::string_view::npos || !text.ends_with(')')) {
    instruction.refuse(fmt::format("{} is not a displacement and a register", text));
  }
  const std::string_view base = text.substr(open + 1, text.size() - open - 2);
  return {std::string(text.substr(0, open)), checked_gpr(instruction, base)};
}

void expect_operands(const Instruction& instruction, std::size_t count) {
  if (instruction.operands.size() != count) instruction.refuse(fmt::format("{} operands expected", count));
}

Instruction parse_instruction(std::string_view text, std::string place) {
  text = trimmed(text);
  const std::size_t end = std::min(text.find_first_of(kBlanks), text.size());
  Instruction instruction{std::string(text.substr(0, end)), {}, std::move(place)};
  std::string_view rest = trimmed(text.substr(end));
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    instruction.operands.emplace_back(trimmed(rest.substr(0, comma)));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return instruction;
}

}  // namespace mcusim::codegen::vle
