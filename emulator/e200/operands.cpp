#include "emulator/e200/operands.h"

#include <fmt/format.h>

#include <bit>

namespace mcusim::emulator::e200 {
namespace {

constexpr std::uint32_t sign_extend(std::uint32_t value, unsigned width) {
  const std::uint32_t sign = 1u << (width - 1);
  return (value ^ sign) - sign;
}

/// r0-r7 and r24-r31.
constexpr std::uint8_t short_register(std::uint32_t field) {
  return static_cast<std::uint8_t>(field < 8 ? field : field + 16);
}

/// Bit numbers count from the most significant one.
constexpr std::uint32_t bit(std::uint32_t number) { return 0x80000000u >> number; }

struct Sci8 {
  std::uint32_t value;
  bool filled;  ///< The other bits are ones.
};
Sci8 sci8(std::uint32_t field) {
  const unsigned shift = (field >> 8 & 3) * 8;
  const bool ones = (field >> 10) != 0;
  const std::uint32_t rest = ones ? ~(0xffu << shift) : 0;
  return {(field & 0xff) << shift | rest, ones};
}

std::uint32_t li20(std::uint32_t field) {
  return sign_extend((field >> 11 & 15) << 16 | field >> 15 << 11 | (field & 0x7ff), 20);
}

/// From bit MB to bit ME, around the end where MB is behind ME.
std::uint32_t rotate_mask(std::uint32_t field) {
  const unsigned begin = field >> 5, end = field & 31;
  const std::uint32_t from = 0xffffffffu >> begin, to = 0xffffffffu << (31 - end);
  return begin <= end ? from & to : from | to;
}

std::uint32_t spr_number(std::uint32_t field) { return (field & 31) << 5 | field >> 5; }

unsigned width_of(const Encoding& encoding, char letter) {
  unsigned width = 0;
  for (const char c : encoding.pattern) width += c == letter;
  return width;
}

/// One field as decoding and printing both need it.
struct Field {
  char letter;
  std::uint32_t bits;
  unsigned width;
};

std::uint32_t immediate(const Field& field, Address pc) {
  switch (field.letter) {
    case 'i':
      return sign_extend(field.bits, field.width);
    case 'o':
      return field.bits + 1;
    case 'n':
      return 0 - (field.bits + 1);
    case 'h':
      return field.bits * 2;
    case 'W':
      return field.bits * 4;
    case 'U':
    case 'I':
      return field.bits << 16;
    case 'S':
      return sci8(field.bits).value;
    case 'L':
      return li20(field.bits);
    case 'e':
      return bit(field.bits);
    case 'E':
      return ~bit(field.bits);
    case 'm':
      // No bits means all 32.
      return field.bits == 0 ? 0xffffffffu : (1u << field.bits) - 1;
    case 'R':
      return rotate_mask(field.bits);
    case 't':
      return pc + sign_extend(field.bits, field.width) * 2;
    case 'Q':
      return spr_number(field.bits);
    default:
      return field.bits;
  }
}

std::string cr_bit(std::uint32_t number) {
  static constexpr std::string_view kNames[] = {"lt", "gt", "eq", "so"};
  if (number < 4) return std::string(kNames[number]);
  return fmt::format("4*cr{}+{}", number >> 2, kNames[number & 3]);
}

std::string print_operand(const Field& field, Address pc) {
  switch (field.letter) {
    case 'd':
    case 'a':
    case 'b':
      return fmt::format("r{}", field.bits);
    case 'g':
      return field.bits == 0 ? "0" : fmt::format("r{}", field.bits);
    case 'w':
    case 's':
    case 'y':
    case 'x':
    case 'p':
    case 'q':
      return fmt::format("r{}", short_register(field.bits));
    case 'X':
    case 'Y':
      return fmt::format("r{}", field.bits + 8);
    case 'i':
    case 'I':
      return fmt::format("{}", static_cast<std::int32_t>(sign_extend(field.bits, field.width)));
    case 'L':
      return fmt::format("{}", static_cast<std::int32_t>(li20(field.bits)));
    case 'S': {
      // Filled with ones it is negative to them, whatever its upper bit.
      const Sci8 value = sci8(field.bits);
      return fmt::format("{}", value.value - (value.filled ? std::int64_t{1} << 32 : 0));
    }
    case 'n':
      return fmt::format("{}", field.bits + 1);
    case 'o':
    case 'h':
    case 'W':
    case 'Q':
      return fmt::format("{}", immediate(field, pc));
    case 'R':
      return fmt::format("{},{}", field.bits >> 5, field.bits & 31);
    case 't':
      return fmt::format("{:#x}", immediate(field, pc));
    case 'F':
      return field.bits == 0 ? "" : fmt::format(",cr{}", field.bits);
    case 'C':
      return fmt::format("cr{}", field.bits);
    case 'c':
      return field.bits == 0 ? "" : fmt::format("cr{},", field.bits);
    case 'D':
    case 'A':
    case 'B':
    case 'K':
      return cr_bit(field.bits);
    case 'N':
      return field.bits == 0 ? "" : fmt::format("{}", field.bits);
    case 'O':
      return field.bits == 0 ? "" : fmt::format(",{}", field.bits);
    case '=':
    case '?':
      return "";
    default:
      return fmt::format("{}", field.bits);
  }
}

constexpr bool is_punctuation(char c) { return c == ',' || c == '(' || c == ')'; }

}  // namespace

std::uint32_t field_of(const Encoding& encoding, std::uint32_t raw, unsigned bits, char letter) {
  std::uint32_t value = 0;
  for (const char c : encoding.pattern) {
    if (c == ' ') continue;
    --bits;
    if (c == letter) value = value << 1 | (raw >> bits & 1);
  }
  return value;
}

bool has_field(const Encoding& encoding, char letter) {
  return encoding.pattern.find(letter) != std::string_view::npos;
}

void decode_operands(const Encoding& encoding, std::uint32_t raw, Operation& op) {
  const unsigned bits = op.slots == 2 ? 32 : 16;
  for (const char letter : encoding.operands) {
    if (is_punctuation(letter)) continue;
    const Field field{letter, field_of(encoding, raw, bits, letter), width_of(encoding, letter)};
    const auto small = static_cast<std::uint8_t>(field.bits);
    switch (letter) {
      case 'd':
      case 'C':
      case 'c':
      case 'D':
      case 'T':
        op.d = small;
        break;
      case 'a':
      case 'F':
      case 'A':
        op.a = small;
        break;
      case 'g':
        op.a = small == 0 ? kZeroRegister : small;
        break;
      case 'b':
      case 'B':
      case 'H':
        op.b = small;
        break;
      case 'w':
        op.d = short_register(small);
        break;
      case 's':
      case 'q':
        op.a = short_register(small);
        break;
      case 'y':
        op.b = short_register(small);
        break;
      case 'x':
        op.d = op.a = short_register(small);
        break;
      case 'p':
        op.d = op.b = short_register(small);
        break;
      case 'X':
        op.d = static_cast<std::uint8_t>(small + 8);
        break;
      case 'Y':
        op.a = static_cast<std::uint8_t>(small + 8);
        break;
      case '=':
        op.d = static_cast<std::uint8_t>(field_of(encoding, raw, bits, 'a'));
        break;
      case '?':
        op.a = static_cast<std::uint8_t>(8u >> (raw >> (bits == 32 ? 16 : 8) & 3));
        break;
      default:
        op.imm = immediate(field, op.pc);
        break;
    }
  }
}

std::string print_operands(const Encoding& encoding, std::string_view operands, std::uint32_t raw,
                           unsigned bits, Address pc) {
  std::string text;
  for (const char letter : operands) {
    if (is_punctuation(letter))
      text += letter;
    else
      text += print_operand({letter, field_of(encoding, raw, bits, letter), width_of(encoding, letter)}, pc);
  }
  return text;
}

}  // namespace mcusim::emulator::e200
