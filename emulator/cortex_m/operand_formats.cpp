#include "emulator/cortex_m/operand_formats.h"

#include <bit>

#include "emulator/cortex_m/operand_formats_fp.h"
#include "emulator/cortex_m/operand_parts.h"

namespace mcusim::emulator::cortex_m {
namespace {

// Order of the variants in MCUSIM_ALU, MCUSIM_COMPARE and MCUSIM_LOAD_STORE.
enum AluVariant { alu_imm = 0, alu_reg = 2, alu_lsl = 4, alu_shift = 6 };
enum CompareVariant { compare_reg = 1, compare_shift = 2 };
enum LoadStoreVariant { ls_imm = 0, ls_reg = 1, ls_pre = 2, ls_post = 3, ls_lit = 4, ls_unpriv = 5 };

bool is_base(Code code, Code family) { return code == family; }

std::uint32_t wide_branch_offset(const Operands& f, std::uint32_t high, unsigned high_bits) {
  return (high << 12 | f['j'] << 1) | (f['S'] ? ~0u << (12 + high_bits) : 0);
}

bool alu_register(const Operands& f, Operation& op) {
  op.d = byte(f['d']), op.n = byte(f['n']), op.m = byte(f['m']);
  const Shift shift = decode_shift(f['t'], f['i']);
  op.a = shift.type, op.imm = shift.amount;
  if (shift.type != 0 || shift.amount != 0) op.instruction_class = InstructionClass::alu_shifted;
  if (op.d == kPc || op.n == kPc || op.m == kPc) return false;
  if (op.d == kSp && !f['S']) {
    if (is_base(op.code, Code::add_imm_)) return op.code = Code::add_sp_reg_, true;
    if (is_base(op.code, Code::sub_imm_)) return op.code = Code::sub_sp_reg_, true;
  }
  const unsigned variant = shift.type != 0 ? alu_shift : shift.amount != 0 ? alu_lsl : alu_reg;
  op.code = op.code + variant + f['S'];
  return true;
}

bool compare_register(const Operands& f, Operation& op) {
  op.n = byte(f['n']), op.m = byte(f['m']);
  const Shift shift = decode_shift(f['t'], f['i']);
  op.a = shift.type, op.imm = shift.amount;
  const bool plain = shift.type == 0 && shift.amount == 0;
  if (!plain) op.instruction_class = InstructionClass::alu_shifted;
  op.code = op.code + (plain ? compare_reg : compare_shift);
  return op.n != kPc && op.m != kPc;
}

// The carry that a flag-setting logical operation takes from its constant: a = 0 none, 2 clear, 3 set.
void constant_operand(const Operands& f, Operation& op) {
  op.imm = expand_constant(f['i']);
  op.a = (f['i'] >> 10) == 0 ? 0 : byte(2 | op.imm >> 31);
}

bool alu_constant(const Operands& f, Operation& op) {
  op.d = byte(f['d']), op.n = byte(f['n']);
  constant_operand(f, op);
  if (op.d == kPc || op.n == kPc) return false;
  if (op.d == kSp && !f['S']) {
    if (is_base(op.code, Code::add_imm_)) return op.code = Code::add_sp_imm_, true;
    if (is_base(op.code, Code::sub_imm_)) return op.code = Code::sub_sp_imm_, true;
  }
  op.code = op.code + f['S'];
  return true;
}

bool add_wide_constant(const Operands& f, Operation& op) {
  op.d = byte(f['d']), op.n = byte(f.raw >> 16 & 15), op.imm = f['i'];
  if (op.d == kPc) return false;
  const bool add = is_base(op.code, Code::add_imm_);
  if (op.n == kPc) {
    const Address base = (op.pc + 4) & ~3u;
    op.imm = add ? base + op.imm : base - op.imm;
    op.code = Code::mov_imm_;
  } else if (op.d == kSp) {
    op.code = add ? Code::add_sp_imm_ : Code::sub_sp_imm_;
  }
  return true;
}

bool is_store(Code base) {
  return base == Code::str_imm_ || base == Code::strb_imm_ || base == Code::strh_imm_;
}

// Of SP only a word may be stored or loaded, and PC only loaded (DDI 0403E A7.7). A load that names one of
// them as its target becomes its own operation: it branches, or keeps SP aligned.
bool transfer_register(Operation& op, Code base) {
  if (is_store(base)) return op.d != kPc && (op.d != kSp || base == Code::str_imm_);
  if (op.d == kPc || op.d == kSp) {
    if (base != Code::ldr_imm_) return false;
    const unsigned variant = static_cast<unsigned>(op.code) - static_cast<unsigned>(Code::ldr_imm_);
    op.code = (op.d == kPc ? Code::ldr_pc_imm_ : Code::ldr_sp_imm_) + variant;
    if (op.d == kPc) op.instruction_class = InstructionClass::load_pc;
  }
  return true;
}

Code base_of(Code code, unsigned variant) { return static_cast<Code>(static_cast<unsigned>(code) - variant); }

bool load_store_immediate(const Operands& f, Operation& op) {
  const Code base = op.code;
  op.d = byte(f['t']), op.n = byte(f['n']);
  op.imm = f['U'] ? f['i'] : 0 - f['i'];
  // The rows of PUSH and POP of one register fix P, U and W.
  bool pre = f['P'], write_back = f['W'];
  if (f['n'] == 0 && (f.raw & 0xffff0fffu) == 0xf84d0d04u)
    op.n = kSp, op.imm = 0 - 4u, pre = write_back = true;
  if (f['n'] == 0 && (f.raw & 0xffff0fffu) == 0xf85d0b04u)
    op.n = kSp, op.imm = 4, pre = false, write_back = true;
  if (op.n == kPc || (!pre && !write_back)) return false;
  op.code = base + (!write_back ? ls_imm : pre ? ls_pre : ls_post);
  return transfer_register(op, base);
}

bool load_multiple(const Operands& f, Operation& op) {
  set_list(op, f['r']);
  op.n = op.code == Code::pop_ ? kSp : byte(f['n']);
  op.a = op.code == Code::pop_ ? 1 : byte(f['W']);
  if (op.imm == 0 || (op.imm & 1u << kSp) || op.n == kPc) return false;
  if (op.imm & 1u << kPc) op.code = op.code + 1;
  return true;
}

bool store_multiple(const Operands& f, Operation& op) {
  set_list(op, f['r']);
  op.n = op.code == Code::push_ ? kSp : byte(f['n']);
  op.a = op.code == Code::push_ ? 1 : byte(f['W']);
  return op.imm != 0 && (op.imm & (1u << kSp | 1u << kPc)) == 0 && op.n != kPc;
}

bool load_store_double(const Operands& f, Operation& op) {
  op.d = byte(f['t']), op.m = byte(f['s']), op.n = byte(f['n']);
  op.imm = f['U'] ? f['i'] * 4 : 0 - f['i'] * 4;
  if (!general(op.d) || !general(op.m)) return false;
  if (f['W'] && (op.code == Code::ldrd_imm_ || op.code == Code::strd_imm_)) op.code = op.code + 1;
  if (op.n == kPc) {
    if (op.code != Code::ldrd_imm_) return false;
    op.imm += (op.pc + 4) & ~3u;
    op.code = Code::ldrd_lit_;
  }
  return true;
}

bool apply_format32(Format format, const Operands& f, Operation& op) {
  op.d = byte(f['d']), op.n = byte(f['n']), op.m = byte(f['m']), op.a = byte(f['a']), op.imm = f['i'];
  const bool dnm_ok = general(op.d) && op.n < kPc && op.m < kPc;
  const bool branch_ok = !f.in_it || f.last_in_it;
  switch (format) {
    case Format::alu_reg:
      return alu_register(f, op);
    case Format::compare_reg:
      return compare_register(f, op);
    case Format::mov_reg32:
      op.imm = decode_shift(f.raw >> 4 & 3, f['i']).amount;
      op.code = op.code + f['S'];
      if (op.d == kSp && op.code == Code::mov_reg_) op.code = Code::mov_sp_;
      return op.d != kPc && op.m != kPc;
    case Format::mvn_reg32: {
      const Shift shift = decode_shift(f['t'], f['i']);
      op.a = shift.type, op.imm = shift.amount;
      if (shift.type != 0 || shift.amount != 0) {
        op.code = Code::mvn_shift_;
        op.instruction_class = InstructionClass::alu_shifted;
      }
      op.code = op.code + f['S'];
      return op.d != kPc && op.m != kPc;
    }
    case Format::alu_imm:
      return alu_constant(f, op);
    case Format::compare_imm:
      constant_operand(f, op);
      return op.n != kPc;
    case Format::mov_imm32:
    case Format::mvn_imm32:
      constant_operand(f, op), op.code = op.code + f['S'];
      return op.d != kPc;
    case Format::add_wide:
      return add_wide_constant(f, op);
    case Format::movw:
      op.imm = f['n'] << 12 | f['i'];
      return general(op.d);
    case Format::movt:
      op.imm = f['n'] << 12 | f['i'];
      return general(op.d);
    case Format::saturate: {
      const Shift shift = decode_shift(f['T'] * 2, f['i']);
      op.a = shift.type, op.m = byte(shift.amount);
      op.imm = f['w'] + (op.code == Code::ssat_ ? 1 : 0);
      return general(op.d) && op.n < kPc;
    }
    case Format::saturate16:
      op.imm = f['w'] + (op.code == Code::ssat16_ ? 1 : 0);
      return general(op.d) && op.n < kPc;
    case Format::bit_extract:  // imm: lowest bit, a: width
      op.a = byte(f['w'] + 1);
      return dnm_ok && op.imm + op.a <= 32;
    case Format::bit_insert:
      if (f['w'] < f['i']) return false;
      op.a = byte(f['w'] - f['i'] + 1);
      return general(op.d);
    case Format::shift_reg:
      op.code = op.code + f['S'];
      return dnm_ok;
    case Format::extend:  // imm: rotation in bits
      op.imm = f['r'] * 8;
      return dnm_ok || (general(op.d) && op.m < kPc && f['n'] == 0);
    case Format::dnm32:
      return dnm_ok;
    case Format::dnma:
      return dnm_ok && op.a < kPc;
    case Format::long_multiply:  // d: high, a: low
      op.d = byte(f['h']), op.a = byte(f['l']);
      return general(op.d) && general(op.a) && op.d != op.a && op.n < kPc && op.m < kPc;
    case Format::pkh: {
      const Shift shift = decode_shift(op.code == Code::pkhtb_ ? 2 : 0, f['i']);
      op.imm = shift.amount;
      return dnm_ok;
    }
    case Format::xy:
    case Format::xya:
      op.imm = f['N'] << 1 | f['M'];
      return dnm_ok && op.a < kPc;
    case Format::x_flag:
    case Format::x_flag_a:
      op.imm = f['X'];
      return dnm_ok && op.a < kPc;
    case Format::long_xy:
    case Format::long_x:
      op.d = byte(f['h']), op.a = byte(f['l']);
      op.imm = format == Format::long_x ? f['X'] : f['N'] << 1 | f['M'];
      return general(op.d) && general(op.a) && op.d != op.a && op.n < kPc && op.m < kPc;
    case Format::ldm32:
      return load_multiple(f, op) && ((op.imm & 1u << kPc) == 0 || branch_ok);
    case Format::stm32:
      return store_multiple(f, op);
    case Format::ls_double:
      return load_store_double(f, op);
    case Format::load_exclusive:
    case Format::store_exclusive:
      op.m = op.d, op.d = byte(f['t']), op.imm = f['i'] * 4;
      return general(op.d) && general(op.m) && op.n != kPc;
    case Format::load_exclusive_narrow:
    case Format::store_exclusive_narrow:
    case Format::acquire_release:
      op.m = op.d, op.d = byte(f['t']), op.imm = 0;
      return general(op.d) && general(op.m) && op.n != kPc;
    case Format::table_branch:
      if (op.n == kPc) op.code = op.code == Code::tbb_ ? Code::tbb_pc_ : Code::tbh_pc_, op.imm = op.pc + 4;
      return general(op.m) && branch_ok;
    case Format::tt:
      op.a = byte(f.raw >> 6 & 3);
      return general(op.d) && general(op.n);
    case Format::ls_imm12:
      op.d = byte(f['t']);
      return op.n != kPc && transfer_register(op, op.code) && (op.d != kPc || branch_ok);
    case Format::ls_imm8:
      return load_store_immediate(f, op) && (op.d != kPc || branch_ok);
    case Format::ls_reg32: {
      const Code base = base_of(op.code, ls_reg);
      op.d = byte(f['t']);
      return op.n != kPc && general(op.m) && transfer_register(op, base) && (op.d != kPc || branch_ok);
    }
    case Format::ls_unpriv:
      op.d = byte(f['t']);
      return general(op.d) && op.n != kPc;
    case Format::ls_lit32: {
      const Address base = (op.pc + 4) & ~3u;
      op.d = byte(f['t']), op.imm = f['U'] ? base + f['i'] : base - f['i'];
      return transfer_register(op, base_of(op.code, ls_lit)) && (op.d != kPc || branch_ok);
    }
    case Format::bcond32:
      if (f['c'] >= 14 || f.in_it) return false;
      return branch_conditional(op, f['c'], wide_branch_offset(f, f['K'] << 7 | f['J'] << 6 | f['i'], 8));
    case Format::b32:
    case Format::bl: {
      const std::uint32_t i1 = ~(f['J'] ^ f['S']) & 1, i2 = ~(f['K'] ^ f['S']) & 1;
      const std::uint32_t offset = wide_branch_offset(f, i1 << 11 | i2 << 10 | f['i'], 12);
      if (!branch_ok) return false;
      if (format == Format::b32) return branch_always(op, offset);
      set_target(op, op.pc + 4 + offset);
      return true;
    }
    case Format::mrs:
      op.imm = f['s'];
      return general(op.d);
    case Format::msr:
      op.imm = f['s'], op.a = byte(f['k']);
      return general(op.n);
    default:
      return false;
  }
}

}  // namespace

std::uint32_t expand_constant(std::uint32_t imm12) {
  const std::uint32_t low = imm12 & 0xff;
  if ((imm12 & 0xc00) == 0) {
    switch (imm12 >> 8 & 3) {
      case 0:
        return low;
      case 1:
        return low << 16 | low;
      case 2:
        return low << 24 | low << 8;
      default:
        return low * 0x01010101u;
    }
  }
  return std::rotr(0x80u | (imm12 & 0x7f), static_cast<int>(imm12 >> 7));
}

bool apply_format(const Encoding& encoding, const Operands& operands, Operation& operation) {
  operation.code = encoding.code;
  operation.delta = 0;
  operation.instruction_class = encoding.instruction_class;
  if (encoding.format == Format::none) {
    operation.imm = operands.raw;
    operation.a = static_cast<std::uint8_t>(operands['p']);
    return true;
  }
  if (encoding.format < Format::alu_reg) return apply_format16(encoding.format, operands, operation);
  if (encoding.format < Format::fp_ls) return apply_format32(encoding.format, operands, operation);
  return apply_format_fp(encoding, operands, operation);
}

}  // namespace mcusim::emulator::cortex_m
