#include "instruction_generator.h"

#include <algorithm>
#include <bit>
#include <string_view>

namespace mcusim::emulator::cortex_m::testing {
namespace {

using I = InstructionClass;

bool is_straight_line(const Encoding& row) {
  switch (row.instruction_class) {
    case I::branch:
    case I::branch_conditional:
    case I::branch_compare:
    case I::branch_link:
    case I::branch_register:
    case I::branch_table:
    case I::load_pc:
    case I::exception:
    case I::wait:
    case I::system:
    case I::status:
    case I::if_then:
      return false;
    default:
      return row.mnemonic != "yield" && row.mnemonic != "sg" && row.mnemonic != "coprocessor";
  }
}

bool in_range(I value, I first, I last) { return value >= first && value <= last; }

// Bits that one letter of a pattern stands for.
std::uint32_t field(std::string_view pattern, char letter, std::uint32_t raw, unsigned bits) {
  std::uint32_t value = 0;
  for (const char c : pattern) {
    if (c == ' ') continue;
    --bits;
    if (c == letter) value = value << 1 | (raw >> bits & 1);
  }
  return value;
}

}  // namespace

InstructionGenerator::InstructionGenerator(Features features, const Decoder& decoder, std::uint32_t seed)
    : decoder_(decoder), random_(seed) {
  for (const auto rows : {encodings16(), encodings32(), encodings_fp()}) {
    for (const Encoding& row : rows) {
      if ((row.needs & ~features) == 0 && is_straight_line(row)) rows_.push_back(&row);
    }
  }
}

Generated InstructionGenerator::next() {
  for (;;) {
    if (const auto generated = attempt()) return *generated;
  }
}

std::optional<Generated> InstructionGenerator::attempt() {
  const Encoding& row = *rows_[random_() % rows_.size()];
  std::uint32_t raw = 0;
  unsigned bits = 0;
  for (const char c : row.pattern) {
    if (c == ' ') continue;
    const std::uint32_t bit = c == '0' || c == 'z' ? 0 : c == '1' || c == 'o' ? 1 : random_() & 1;
    raw = raw << 1 | bit;
    ++bits;
  }
  Generated g;
  const bool wide = bits == 32;
  g.first = static_cast<std::uint16_t>(wide ? raw >> 16 : raw);
  g.second = static_cast<std::uint16_t>(wide ? raw : 0);
  if (decoder_.find(g.first, g.second) != &row) return std::nullopt;
  g.operation = decoder_.decode(g.first, g.second, 0, 0);
  const Operation& op = g.operation;
  const I kind = op.instruction_class;
  // capstone_test.cpp checks that only UNPREDICTABLE operands are refused.
  if (op.code == Code::undefined_ || op.code == Code::no_coprocessor_) return std::nullopt;
  if (kind == I::branch_register || kind == I::load_pc || op.code == Code::bkpt_) return std::nullopt;
  const bool load_multiple = kind == I::load_multiple;
  if (load_multiple && (op.imm >> 15 & 1) != 0) return std::nullopt;

  const auto letter = [&](char c) { return field(row.pattern, c, raw, bits); };
  const auto has = [&](char c) { return row.pattern.find(c) != std::string_view::npos; };
  g.is_fp = row.needs & (kFpSingle | kFp5 | kFpDouble);
  g.is_memory =
      in_range(kind, I::load, I::store_exclusive) || in_range(kind, I::fp_load, I::fp_store_multiple);
  const bool literal = g.is_memory && (op.code == Code::ldr_lit_ || op.code == Code::ldrb_lit_ ||
                                       op.code == Code::ldrh_lit_ || op.code == Code::ldrsb_lit_ ||
                                       op.code == Code::ldrsh_lit_ || op.code == Code::ldrd_lit_ ||
                                       op.code == Code::vldr_s_lit_ || op.code == Code::vldr_d_lit_);
  g.has_base = g.is_memory && !literal;
  g.has_offset = kind == I::load_register || kind == I::store_register;
  g.must_be_aligned =
      !(in_range(kind, I::load, I::load_register) || in_range(kind, I::store, I::store_register));

  if (wide) {
    // SP and PC as data-processing operands are UNPREDICTABLE almost everywhere.
    for (const char c : std::string_view("dmtsalhu")) {
      if (!g.is_fp && has(c) && (letter(c) == 13 || letter(c) == 15)) return std::nullopt;
    }
    if (!g.is_fp && !g.is_memory && has('n') && (letter('n') == 13 || letter('n') == 15) &&
        row.instruction_class != I::move_wide)
      return std::nullopt;
    if (g.is_fp && has('t') && (letter('t') == 13 || letter('t') == 15)) return std::nullopt;
    if (g.is_fp && has('u') && (letter('u') == 13 || letter('u') == 15 || letter('u') == letter('t')))
      return std::nullopt;
  }
  if (g.is_memory && !g.is_fp) {
    const bool write_back = op.code == Code::ldr_pre_ || (has('W') && letter('W')) ||
                            kind == I::load_double || kind == I::store_double;
    const bool multiple = load_multiple || kind == I::store_multiple;
    if (!multiple && write_back && (op.n == op.d || op.n == op.m)) return std::nullopt;
    if (kind == I::load_double && op.d == op.m) return std::nullopt;
    if (multiple && wide && (std::popcount(op.imm) < 2 || (op.a && (op.imm >> op.n & 1))))
      return std::nullopt;
    // STM of its own base, not the first of the list: the stored value is UNKNOWN.
    if (kind == I::store_multiple && op.a && (op.imm >> op.n & 1) && (op.imm & ((1u << op.n) - 1)))
      return std::nullopt;
    if (g.has_offset && op.n == op.m) return std::nullopt;
    // QEMU's monitor compares the value, ours the address: both are legal, tests of their own cover ours.
    if (kind == I::store_exclusive &&
        (op.code == Code::strex_ || op.code == Code::strexb_ || op.code == Code::strexh_))
      return std::nullopt;
  }
  return g;
}

}  // namespace mcusim::emulator::cortex_m::testing
