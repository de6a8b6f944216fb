#include "emulator/cortex_m/operand_parts.h"

namespace mcusim::emulator::cortex_m {
namespace {

bool high_add(const Operands& f, Operation& op) {
  op.d = op.n = byte(f['D'] << 3 | f['d']), op.m = byte(f['m']);
  if (op.d == kPc) {
    op.code = Code::add_pc_, op.imm = op.pc + 4, op.instruction_class = InstructionClass::branch_register;
    return op.m != kPc && (!f.in_it || f.last_in_it);
  }
  if (op.d == kSp) return op.code = Code::add_sp_reg_, op.m != kPc;
  if (op.m == kPc) op.code = Code::add_imm_, op.imm = op.pc + 4;
  return true;
}

bool high_move(const Operands& f, Operation& op) {
  op.d = byte(f['D'] << 3 | f['d']), op.m = byte(f['m']);
  if (op.d == kPc) {
    op.code = Code::mov_pc_, op.instruction_class = InstructionClass::branch_register;
    return op.m != kPc && (!f.in_it || f.last_in_it);
  }
  if (op.d == kSp) return op.code = Code::mov_sp_, op.m != kPc;
  if (op.m == kPc) op.code = Code::mov_imm_, op.imm = op.pc + 4;
  return true;
}

}  // namespace

bool apply_format16(Format format, const Operands& f, Operation& op) {
  const unsigned flags = f.in_it ? 0 : 1;
  const Address literal_base = (op.pc + 4) & ~3u;
  op.d = byte(f['d']), op.n = byte(f['n']), op.m = byte(f['m']), op.imm = f['i'];
  switch (format) {
    case Format::shift_imm16: {
      const std::uint32_t type = f.raw >> 11 & 3;
      op.imm = decode_shift(type, f['i']).amount;
      op.code = op.code + flags;
      return true;
    }
    case Format::dnm:
      op.code = op.code + flags;
      return true;
    case Format::dni:
      op.code = op.code + flags;
      return true;
    case Format::di:
      op.code = op.code + flags, op.a = 0;
      return true;
    case Format::ni:
      return true;
    case Format::dn_same_i:
      op.n = op.d, op.code = op.code + flags;
      return true;
    case Format::dm_two:
      // MOVS of a register is UNPREDICTABLE in an IT block; here it leaves the flags alone, as its neighbours
      // do.
      if (op.code == Code::mov_reg_s_)
        op.code = f.in_it ? Code::mov_reg_ : Code::mov_reg_s_;
      else
        op.code = op.code + flags;
      return true;
    case Format::nm:
      op.n = op.d, op.code = op.code + flags;
      return true;
    case Format::rsb_zero:
      op.n = op.m, op.imm = 0, op.code = op.code + flags;
      return true;
    case Format::muls:
      op.n = op.m, op.m = op.d, op.code = op.code + flags;
      return true;
    case Format::hi_add:
      return high_add(f, op);
    case Format::hi_cmp:
      op.n = byte(f['D'] << 3 | f['d']);
      return op.n != kPc && op.m != kPc;
    case Format::hi_mov:
      return high_move(f, op);
    case Format::bx:
      return op.m != kPc && (!f.in_it || f.last_in_it);
    case Format::load_lit16:
      op.d = byte(f['t']), op.imm = literal_base + f['i'] * 4;
      return true;
    case Format::ls_reg16:
      op.d = byte(f['t']), op.imm = 0;
      return true;
    case Format::ls_imm16_w:
      op.d = byte(f['t']), op.imm = f['i'] * 4;
      return true;
    case Format::ls_imm16_h:
      op.d = byte(f['t']), op.imm = f['i'] * 2;
      return true;
    case Format::ls_imm16_b:
      op.d = byte(f['t']);
      return true;
    case Format::ls_sp16:
      op.d = byte(f['t']), op.n = kSp, op.imm = f['i'] * 4;
      return true;
    case Format::adr16:
      op.imm = literal_base + f['i'] * 4;
      return true;
    case Format::add_sp16:
      op.n = kSp, op.imm = f['i'] * 4;
      return true;
    case Format::sp_adjust:
      op.d = op.n = kSp, op.imm = f['i'] * 4;
      return true;
    case Format::cb:
      set_target(op, op.pc + 4 + (f['I'] << 6 | f['i'] << 1));
      return !f.in_it;
    case Format::dm:
      op.imm = 0;
      return true;
    case Format::push16:
      set_list(op, (f['r'] & 0xff) | (f['r'] & 0x100) << 6), op.n = kSp, op.a = 1;
      return op.imm != 0;
    case Format::pop16:
      set_list(op, (f['r'] & 0xff) | (f['r'] & 0x100) << 7), op.n = kSp, op.a = 1;
      if (op.imm & 1u << kPc) {
        op.code = Code::pop_pc_;
        if (f.in_it && !f.last_in_it) return false;
      }
      return op.imm != 0;
    case Format::cps:
      op.imm = f['i'] << 1 | f['f'], op.a = (f.raw & 0x10) != 0;
      return !f.in_it;
    case Format::imm8:
      return true;
    case Format::it:
      op.imm = f['c'] << 4 | f['m'];
      return !f.in_it && f['c'] != 15;
    case Format::stm16:
      set_list(op, f['r']), op.a = 1;
      return op.imm != 0;
    case Format::ldm16:
      set_list(op, f['r']), op.a = (f['r'] >> op.n & 1) == 0;
      return op.imm != 0;
    case Format::bcond16:
      return !f.in_it && branch_conditional(op, f['c'], sign_extend(f['i'], 8) * 2);
    case Format::b16:
      return (!f.in_it || f.last_in_it) && branch_always(op, sign_extend(f['i'], 11) * 2);
    default:
      return false;
  }
}

}  // namespace mcusim::emulator::cortex_m
