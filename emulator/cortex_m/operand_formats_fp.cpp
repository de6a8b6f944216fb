#include "emulator/cortex_m/operand_formats_fp.h"

namespace mcusim::emulator::cortex_m {
namespace {

constexpr unsigned kSp = 13;
constexpr unsigned kPc = 15;
// SP and PC are refused where the manual says UNPREDICTABLE for "13 or 15"; LR is a register like any other.
constexpr bool general(unsigned number) { return number != kSp && number != kPc; }

std::uint8_t single(std::uint32_t number, std::uint32_t extra) {
  return static_cast<std::uint8_t>(number << 1 | extra);
}

// Register number of either precision; the extra bit must be 0 for doubles, as M profile has 16 of them.
std::uint8_t fp_register(bool is_double, std::uint32_t number, std::uint32_t extra) {
  return is_double ? static_cast<std::uint8_t>(number) : single(number, extra);
}

InstructionClass in_double(InstructionClass c) {
  switch (c) {
    case InstructionClass::fp_add:
      return InstructionClass::fp64_add;
    case InstructionClass::fp_multiply:
      return InstructionClass::fp64_multiply;
    case InstructionClass::fp_chained_mac:
      return InstructionClass::fp64_chained_mac;
    case InstructionClass::fp_fused_mac:
      return InstructionClass::fp64_fused_mac;
    case InstructionClass::fp_divide:
      return InstructionClass::fp64_divide;
    case InstructionClass::fp_square_root:
      return InstructionClass::fp64_square_root;
    case InstructionClass::fp_compare:
      return InstructionClass::fp64_compare;
    case InstructionClass::fp_convert:
      return InstructionClass::fp64_convert;
    case InstructionClass::fp_move:
      return InstructionClass::fp64_move;
    default:
      return c;
  }
}

// VFPExpandImm; of a double the upper word, its lower one is 0.
std::uint32_t expand_fp_constant(std::uint32_t imm8, bool is_double) {
  const std::uint32_t sign = imm8 >> 7, b6 = imm8 >> 6 & 1, low = imm8 & 0x3f;
  if (is_double) return sign << 31 | (b6 ? 0x3fc00000u : 0x40000000u) | low << 16;
  return sign << 31 | (b6 ? 0x3e000000u : 0x40000000u) | low << 19;
}

bool load_store(const Operands& f, Operation& op) {
  const bool is_double = (f.raw >> 8 & 1) != 0;
  if (is_double && f['D']) return false;
  op.d = fp_register(is_double, f['d'], f['D']), op.n = static_cast<std::uint8_t>(f['n']);
  op.imm = f['U'] ? f['i'] * 4 : 0 - f['i'] * 4;
  if (op.n != kPc) return true;
  if (op.code != Code::vldr_s_ && op.code != Code::vldr_d_) return false;
  op.imm += (op.pc + 4) & ~3u;
  op.code = op.code + 2;
  return true;
}

// d: first single register, imm: words, a: write-back, m: descending, delta: words that are transferred
// (one fewer in the deprecated FLDMX form).
bool load_store_multiple(const Operands& f, Operation& op) {
  const bool is_double = f['s'] != 0;
  op.m = (f.raw >> 24 & 1) != 0;
  op.a = op.m || (f.raw >> 21 & 1) != 0;
  op.n = static_cast<std::uint8_t>(f.raw >> 16 & 15);
  op.imm = f['i'];
  op.delta = static_cast<std::int32_t>(is_double ? op.imm & ~1u : op.imm);
  if (is_double && f['D']) return false;
  op.d = is_double ? static_cast<std::uint8_t>(f['d'] * 2) : single(f['d'], f['D']);
  return op.delta != 0 && op.d + op.delta <= 32 && op.n != kPc;
}

bool core_pair(const Operands& f, Operation& op) {
  const bool is_double = (f.raw >> 8 & 1) != 0;
  op.d = static_cast<std::uint8_t>(f['t']), op.a = static_cast<std::uint8_t>(f['u']);
  op.m = is_double ? static_cast<std::uint8_t>(f['m'] * 2) : single(f['m'], f['M']);
  if (is_double && (f['M'] || f['B'])) return false;
  return general(op.d) && general(op.a) && op.m < 31;
}

bool status(const Operands& f, Operation& op) {
  op.d = static_cast<std::uint8_t>(f['t']);
  if (op.code == Code::vmrs_ && op.d == kPc) return op.code = Code::vmrs_apsr_, true;
  return general(op.d);
}

}  // namespace

bool apply_format_fp(const Encoding& encoding, const Operands& f, Operation& op) {
  switch (encoding.format) {
    case Format::fp_ls:
      return load_store(f, op);
    case Format::fp_ls_multiple:
      return load_store_multiple(f, op);
    case Format::fp_core_pair:
      return core_pair(f, op);
    case Format::fp_status:
      return status(f, op);
    case Format::fp_core:
      op.d = static_cast<std::uint8_t>(f['t']), op.n = single(f['n'], f['N']);
      return general(op.d);
    case Format::fp_core_scalar:
      op.d = static_cast<std::uint8_t>(f['t']), op.n = single(f['n'], f['X']);
      return general(op.d) && f['N'] == 0;
    default:
      break;
  }

  const bool is_double = f['s'] != 0;
  if (is_double && (f.features & kFpDouble) == 0) return false;
  if (is_double) op.instruction_class = in_double(op.instruction_class), op.code = op.code + 1;
  op.d = fp_register(is_double, f['d'], f['D']);
  op.n = fp_register(is_double, f['n'], f['N']);
  op.m = fp_register(is_double, f['m'], f['M']);
  bool valid = !is_double || (f['D'] == 0 && f['N'] == 0 && f['M'] == 0);
  const bool bit7 = (f.raw >> 7 & 1) != 0;
  // VRINTA.. and VCVTA.. order their modes away, nearest, up, down.
  static constexpr std::uint8_t kDirected[] = {round_nearest_away, round_nearest_even, round_up, round_down};
  switch (encoding.format) {
    case Format::fp3:
    case Format::fp2:
      return valid;
    case Format::fp_imm:
      op.imm = expand_fp_constant(f['i'], is_double);
      return valid;
    case Format::fp_compare:
      op.a = bit7;
      return valid;         // a: quiet NaNs raise Invalid Operation too
    case Format::fp_round:  // n: raises Inexact
      op.a = (f.raw >> 16 & 1) == 0 && bit7 ? round_to_zero : round_by_fpscr;
      op.n = (f.raw >> 16 & 1) != 0;
      return valid;
    case Format::fp_round_directed:
      op.a = kDirected[f.raw >> 16 & 3], op.n = 0;
      return valid;
    case Format::fp_from_int:  // a: signed
      op.m = single(f['m'], f['M']), op.a = static_cast<std::uint8_t>(f['S']);
      return !is_double || f['D'] == 0;
    case Format::fp_to_int:  // n: signed
      op.d = single(f['d'], f['D']), op.n = static_cast<std::uint8_t>(f['S']);
      op.a = bit7 ? round_to_zero : round_by_fpscr;
      return !is_double || f['M'] == 0;
    case Format::fp_to_int_directed:
      op.d = single(f['d'], f['D']), op.n = static_cast<std::uint8_t>(f['S']);
      op.a = kDirected[f.raw >> 16 & 3];
      return !is_double || f['M'] == 0;
    case Format::fp_fixed: {  // a: bit 0 unsigned, bit 1 32 bits wide, bit 2 to fixed point; imm: fraction
                              // bits
      const std::uint32_t size = f['X'] ? 32 : 16, immediate = f['i'] << 1 | f['I'];
      op.a = static_cast<std::uint8_t>(f['U'] | f['X'] << 1 | f['O'] << 2);
      op.imm = size - immediate;
      return valid && immediate <= size;
    }
    case Format::fp_half:  // a: top half
      op.a = bit7;
      if (encoding.code == Code::vcvt_from_half_s_) {
        op.m = single(f['m'], f['M']);
        return !is_double || f['D'] == 0;
      }
      op.d = single(f['d'], f['D']);
      return !is_double || f['M'] == 0;
    case Format::fp_widen:
      if (is_double) {  // double to single
        op.d = single(f['d'], f['D']);
        return f['M'] == 0;
      }
      op.d = static_cast<std::uint8_t>(f['d']);
      return f['D'] == 0;
    case Format::fp_select:
      op.a = static_cast<std::uint8_t>(f.raw >> 20 & 3);
      return valid;
    default:
      return false;
  }
}

}  // namespace mcusim::emulator::cortex_m
