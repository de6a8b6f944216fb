#include "emulator/cortex_m/instruction_use.h"

namespace mcusim::emulator::cortex_m {
namespace {

RegisterSet core(unsigned number) { return RegisterSet{1} << (number & 15); }
RegisterSet single(unsigned number) { return RegisterSet{1} << (kFirstSingle + (number & 31)); }
RegisterSet pair(unsigned number) { return single(number) | single(number + 1); }

/// Turns the fields of one operation into registers.
class Registers {
 public:
  Registers(const Operation& op, const InstructionUse& use) : op_(op), use_(use) {}

  RegisterSet operator()(Fields fields) const {
    return one(fields & kD, op_.d) | one(fields & kN, op_.n) | one(fields & kM, op_.m) |
           one(fields & kA, op_.a);
  }

 private:
  RegisterSet one(int field, unsigned number) const {
    if (field == 0) return 0;
    if ((use_.single & field) != 0) return use_.pair ? pair(number) : single(number);
    if ((use_.dual & field) != 0) return pair(2 * number);
    return core(number);
  }

  const Operation& op_;
  const InstructionUse& use_;
};

bool is_direct_branch(InstructionClass c) {
  return c == InstructionClass::branch || c == InstructionClass::branch_conditional ||
         c == InstructionClass::branch_compare || c == InstructionClass::branch_link;
}

}  // namespace

InstructionFacts facts_of(const Operation& op, Code code, unsigned cycles, unsigned items) {
  const InstructionUse& use = use_of(code);
  const Registers registers(op, use);
  InstructionFacts facts{
      .instruction_class = op.instruction_class,
      .slots = op.slots,
      .cycles = static_cast<std::uint8_t>(cycles),
      .items = static_cast<std::uint8_t>(items),
      .width = use.width,
      .conditional = op.it != 0 || op.instruction_class == InstructionClass::branch_conditional ||
                     op.instruction_class == InstructionClass::branch_compare,
      .add_move_or_shift = use.add_move_or_shift,
      .address = registers(use.address),
      .operands = registers(use.operands),
      .shifted = registers(use.shifted),
      .accumulators = registers(use.accumulators),
      .stored = registers(use.stored),
      .results = registers(use.results),
      .loaded = registers(use.loaded),
      .base = registers(use.base),
  };
  if (use.links) facts.results |= core(14);
  if (use.sp_result) facts.results |= core(13);
  if (use.sp_loaded) facts.loaded |= core(13);
  if (use.list) {
    const RegisterSet list = op.imm & 0xffff;
    (op.instruction_class == InstructionClass::load_multiple ? facts.loaded : facts.stored) = list;
    if (op.a != 0) facts.base = core(op.n);
  }
  if (use.fp_list) {
    RegisterSet& list = use.loaded != 0 ? facts.loaded : facts.stored;
    list = 0;
    for (int i = 0; i < op.delta; ++i) list |= single(op.d + static_cast<unsigned>(i));
    if (op.a != 0) facts.base = core(op.n);
  }
  if (use.reads_flags || op.it != 0) facts.operands |= kFlags;
  if (use.writes_flags) facts.results |= kFlags;
  if (use.reads_fp_flags) facts.operands |= kFpFlags;
  if (use.writes_fp_flags) facts.results |= kFpFlags;
  // A load to PC is a branch.
  if (op.instruction_class == InstructionClass::load_pc) facts.loaded = core(15);
  // PC as an operand is a constant.
  for (RegisterSet* set : {&facts.address, &facts.operands, &facts.shifted}) *set &= ~core(15);
  // The decoder leaves the carry of a rotated constant in `a`.
  facts.shifted_constant = op.instruction_class == InstructionClass::alu && op.slots == 2 &&
                           ((use.operands | use.shifted) & kM) == 0 && (op.a & 2) != 0;
  facts.backward = is_direct_branch(op.instruction_class) && op.imm <= op.pc;
  return facts;
}

}  // namespace mcusim::emulator::cortex_m
