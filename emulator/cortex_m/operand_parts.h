#pragma once

#include <bit>

#include "emulator/cortex_m/operand_formats.h"

// What the formats of 16-bit and of 32-bit encodings share.
namespace mcusim::emulator::cortex_m {

inline constexpr unsigned kSp = 13;
inline constexpr unsigned kPc = 15;
// SP and PC are refused where the manual says UNPREDICTABLE for "13 or 15"; LR is a register like any other.
constexpr bool general(unsigned number) { return number != kSp && number != kPc; }

inline std::uint8_t byte(std::uint32_t value) { return static_cast<std::uint8_t>(value); }
// Immediate shifts: a zero amount of LSR and ASR means 32, ROR by zero is RRX (type 4).
struct Shift {
  std::uint8_t type;
  std::uint32_t amount;
};
inline Shift decode_shift(std::uint32_t type, std::uint32_t amount) {
  if (amount != 0 || type == 0) return {byte(type), amount};
  return type == 3 ? Shift{4, 1} : Shift{byte(type), 32};
}

inline std::uint32_t sign_extend(std::uint32_t value, unsigned bits) {
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(value << (32 - bits)) >> (32 - bits));
}

/// Counted here: the host that the loops are compiled for may have no instruction for it.
inline void set_list(Operation& op, std::uint32_t registers) {
  op.imm = registers;
  op.m = byte(4 * static_cast<std::uint32_t>(std::popcount(registers)));
}

inline void set_target(Operation& op, Address target) {
  op.imm = target;
  if (((target ^ op.pc) & ~0xfffu) == 0) {
    op.delta = (static_cast<std::int32_t>(target & 0xfff) - static_cast<std::int32_t>(op.pc & 0xfff)) / 2;
  }
}

inline bool branch_conditional(Operation& op, std::uint32_t condition, std::uint32_t offset) {
  op.code = op.code + condition;
  op.a = byte(condition);
  set_target(op, op.pc + 4 + offset);
  return true;
}

inline bool branch_always(Operation& op, std::uint32_t offset) {
  set_target(op, op.pc + 4 + offset);
  if (op.imm == op.pc)
    op.code = Code::b_self_;
  else if (op.delta == 0)
    op.code = Code::b_out_;
  return true;
}

/// The 16-bit part of apply_format().
bool apply_format16(Format format, const Operands& operands, Operation& operation);

}  // namespace mcusim::emulator::cortex_m
