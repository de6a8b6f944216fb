#include "emulator/timing/classifier.h"

#include <capstone/capstone.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace mcusim::emulator {
namespace {

using enum InstructionClass;

struct Row {
  InstructionClass instruction_class;
  std::initializer_list<unsigned> instructions;
};

// Whatever is not listed is `exception`: no instruction of these cores. Floating-point rows give the class in
// single precision, loads that with an immediate offset.
// clang-format off
const Row kRows[] = {
    {alu, {ARM_INS_ADC, ARM_INS_ADD, ARM_INS_ADDW, ARM_INS_ADR, ARM_INS_AND, ARM_INS_BIC, ARM_INS_CMN,
           ARM_INS_CMP, ARM_INS_EOR, ARM_INS_MOV, ARM_INS_MVN, ARM_INS_ORN, ARM_INS_ORR, ARM_INS_RSB,
           ARM_INS_SBC, ARM_INS_SUB, ARM_INS_SUBW, ARM_INS_TEQ, ARM_INS_TST}},
    {shift, {ARM_INS_ASR, ARM_INS_LSL, ARM_INS_LSR, ARM_INS_ROR, ARM_INS_RRX}},
    {move_wide, {ARM_INS_MOVT, ARM_INS_MOVW}},
    {bit_field, {ARM_INS_BFC, ARM_INS_BFI, ARM_INS_SBFX, ARM_INS_UBFX}},
    {extend, {ARM_INS_SXTB, ARM_INS_SXTB16, ARM_INS_SXTH, ARM_INS_UXTB, ARM_INS_UXTB16, ARM_INS_UXTH}},
    {extend_add, {ARM_INS_SXTAB, ARM_INS_SXTAB16, ARM_INS_SXTAH, ARM_INS_UXTAB, ARM_INS_UXTAB16,
                  ARM_INS_UXTAH}},
    {reverse, {ARM_INS_RBIT, ARM_INS_REV, ARM_INS_REV16, ARM_INS_REVSH}},
    {count_zeros, {ARM_INS_CLZ}},
    {pack, {ARM_INS_PKHBT, ARM_INS_PKHTB}},
    {saturate, {ARM_INS_QADD, ARM_INS_QDADD, ARM_INS_QDSUB, ARM_INS_QSUB, ARM_INS_SSAT, ARM_INS_SSAT16,
                ARM_INS_USAT, ARM_INS_USAT16}},
    {simd, {ARM_INS_QADD16, ARM_INS_QADD8, ARM_INS_QASX, ARM_INS_QSAX, ARM_INS_QSUB16, ARM_INS_QSUB8,
            ARM_INS_SADD16, ARM_INS_SADD8, ARM_INS_SASX, ARM_INS_SEL, ARM_INS_SHADD16, ARM_INS_SHADD8,
            ARM_INS_SHASX, ARM_INS_SHSAX, ARM_INS_SHSUB16, ARM_INS_SHSUB8, ARM_INS_SSAX, ARM_INS_SSUB16,
            ARM_INS_SSUB8, ARM_INS_UADD16, ARM_INS_UADD8, ARM_INS_UASX, ARM_INS_UHADD16, ARM_INS_UHADD8,
            ARM_INS_UHASX, ARM_INS_UHSAX, ARM_INS_UHSUB16, ARM_INS_UHSUB8, ARM_INS_UQADD16,
            ARM_INS_UQADD8, ARM_INS_UQASX, ARM_INS_UQSAX, ARM_INS_UQSUB16, ARM_INS_UQSUB8, ARM_INS_USAD8,
            ARM_INS_USADA8, ARM_INS_USAX, ARM_INS_USUB16, ARM_INS_USUB8}},
    {multiply, {ARM_INS_MUL}},
    {multiply_accumulate, {ARM_INS_MLA, ARM_INS_MLS}},
    {multiply_long, {ARM_INS_SMULL, ARM_INS_UMULL}},
    {multiply_accumulate_long, {ARM_INS_SMLAL, ARM_INS_UMAAL, ARM_INS_UMLAL}},
    {dsp_multiply, {ARM_INS_SMMUL, ARM_INS_SMMULR, ARM_INS_SMUAD, ARM_INS_SMUADX, ARM_INS_SMULBB,
                    ARM_INS_SMULBT, ARM_INS_SMULTB, ARM_INS_SMULTT, ARM_INS_SMULWB, ARM_INS_SMULWT,
                    ARM_INS_SMUSD, ARM_INS_SMUSDX}},
    {dsp_accumulate, {ARM_INS_SMLABB, ARM_INS_SMLABT, ARM_INS_SMLAD, ARM_INS_SMLADX, ARM_INS_SMLALBB,
                      ARM_INS_SMLALBT, ARM_INS_SMLALD, ARM_INS_SMLALDX, ARM_INS_SMLALTB, ARM_INS_SMLALTT,
                      ARM_INS_SMLATB, ARM_INS_SMLATT, ARM_INS_SMLAWB, ARM_INS_SMLAWT, ARM_INS_SMLSD,
                      ARM_INS_SMLSDX, ARM_INS_SMLSLD, ARM_INS_SMLSLDX, ARM_INS_SMMLA, ARM_INS_SMMLAR,
                      ARM_INS_SMMLS, ARM_INS_SMMLSR}},
    {divide, {ARM_INS_SDIV, ARM_INS_UDIV}},
    {load, {ARM_INS_LDR, ARM_INS_LDRB, ARM_INS_LDRBT, ARM_INS_LDRH, ARM_INS_LDRHT, ARM_INS_LDRSB,
            ARM_INS_LDRSBT, ARM_INS_LDRSH, ARM_INS_LDRSHT, ARM_INS_LDRT}},
    {load_double, {ARM_INS_LDRD}},
    {load_multiple, {ARM_INS_LDM, ARM_INS_LDMDB, ARM_INS_POP}},
    {load_exclusive, {ARM_INS_LDA, ARM_INS_LDAB, ARM_INS_LDAEX, ARM_INS_LDAEXB, ARM_INS_LDAEXH, ARM_INS_LDAH,
                      ARM_INS_LDREX, ARM_INS_LDREXB, ARM_INS_LDREXH}},
    {store, {ARM_INS_STR, ARM_INS_STRB, ARM_INS_STRBT, ARM_INS_STRH, ARM_INS_STRHT, ARM_INS_STRT}},
    {store_double, {ARM_INS_STRD}},
    {store_multiple, {ARM_INS_PUSH, ARM_INS_STM, ARM_INS_STMDB}},
    {store_exclusive, {ARM_INS_STL, ARM_INS_STLB, ARM_INS_STLEX, ARM_INS_STLEXB, ARM_INS_STLEXH,
                       ARM_INS_STLH, ARM_INS_STREX, ARM_INS_STREXB, ARM_INS_STREXH}},
    {branch, {ARM_INS_B}},
    {branch_compare, {ARM_INS_CBNZ, ARM_INS_CBZ}},
    {branch_link, {ARM_INS_BL}},
    {branch_register, {ARM_INS_BLX, ARM_INS_BX}},
    {branch_table, {ARM_INS_TBB, ARM_INS_TBH}},
    {if_then, {ARM_INS_IT}},
    {nop, {ARM_INS_DBG, ARM_INS_HINT, ARM_INS_NOP, ARM_INS_PLD, ARM_INS_PLDW, ARM_INS_PLI, ARM_INS_SEV,
           ARM_INS_SEVL, ARM_INS_YIELD}},
    {wait, {ARM_INS_WFE, ARM_INS_WFI}},
    {status, {ARM_INS_MRS, ARM_INS_MSR}},
    {system, {ARM_INS_CLREX, ARM_INS_CPS}},
    {barrier, {ARM_INS_DMB, ARM_INS_DSB, ARM_INS_ISB}},
    {exception, {ARM_INS_BKPT, ARM_INS_SVC, ARM_INS_UDF}},
    {fp_add, {ARM_INS_VADD, ARM_INS_VSUB}},
    {fp_multiply, {ARM_INS_VMUL, ARM_INS_VNMUL}},
    {fp_chained_mac, {ARM_INS_VMLA, ARM_INS_VMLS, ARM_INS_VNMLA, ARM_INS_VNMLS}},
    {fp_fused_mac, {ARM_INS_VFMA, ARM_INS_VFMS, ARM_INS_VFNMA, ARM_INS_VFNMS}},
    {fp_divide, {ARM_INS_VDIV}},
    {fp_square_root, {ARM_INS_VSQRT}},
    {fp_compare, {ARM_INS_VCMP, ARM_INS_VCMPE, ARM_INS_VMAXNM, ARM_INS_VMINNM}},
    {fp_convert, {ARM_INS_VCVT, ARM_INS_VCVTA, ARM_INS_VCVTB, ARM_INS_VCVTM, ARM_INS_VCVTN, ARM_INS_VCVTP,
                  ARM_INS_VCVTR, ARM_INS_VCVTT, ARM_INS_VRINTA, ARM_INS_VRINTM, ARM_INS_VRINTN,
                  ARM_INS_VRINTP, ARM_INS_VRINTR, ARM_INS_VRINTX, ARM_INS_VRINTZ}},
    {fp_move, {ARM_INS_VABS, ARM_INS_VMOV, ARM_INS_VNEG, ARM_INS_VSELEQ, ARM_INS_VSELGE, ARM_INS_VSELGT,
               ARM_INS_VSELVS}},
    {fp_move_core, {ARM_INS_VMRS, ARM_INS_VMSR}},
    {fp_load, {ARM_INS_VLDR}},
    {fp_load_multiple, {ARM_INS_FLDMDBX, ARM_INS_FLDMIAX, ARM_INS_VLDMDB, ARM_INS_VLDMIA, ARM_INS_VPOP}},
    {fp_store, {ARM_INS_VSTR}},
    {fp_store_multiple, {ARM_INS_FSTMDBX, ARM_INS_FSTMIAX, ARM_INS_VPUSH, ARM_INS_VSTMDB, ARM_INS_VSTMIA}},
};
// clang-format on

std::array<InstructionClass, ARM_INS_ENDING> make_class_table() {
  std::array<InstructionClass, ARM_INS_ENDING> table;
  table.fill(exception);
  for (const Row& row : kRows) {
    for (const unsigned id : row.instructions) table[id] = row.instruction_class;
  }
  return table;
}

bool is_register(const cs_arm_op& operand) { return operand.type == ARM_OP_REG; }

bool is_double_register(const cs_arm_op& operand) {
  return is_register(operand) && operand.reg >= ARM_REG_D0 && operand.reg <= ARM_REG_D31;
}

bool is_pc(const cs_arm_op& operand) { return is_register(operand) && operand.reg == ARM_REG_PC; }

bool only_compares(unsigned id) {
  return id == ARM_INS_CMP || id == ARM_INS_CMN || id == ARM_INS_TST || id == ARM_INS_TEQ;
}

bool is_core_register(const cs_arm_op& operand) {
  return is_register(operand) && ((operand.reg >= ARM_REG_R0 && operand.reg <= ARM_REG_R12) ||
                                  operand.reg == ARM_REG_SP || operand.reg == ARM_REG_LR);
}

bool has_register_offset(const cs_arm& arm) {
  return arm.op_count > 1 && arm.operands[1].type == ARM_OP_MEM &&
         arm.operands[1].mem.index != ARM_REG_INVALID;
}

InstructionClass in_double_precision(InstructionClass single) {
  switch (single) {
    case fp_add:
      return fp64_add;
    case fp_multiply:
      return fp64_multiply;
    case fp_chained_mac:
      return fp64_chained_mac;
    case fp_fused_mac:
      return fp64_fused_mac;
    case fp_divide:
      return fp64_divide;
    case fp_square_root:
      return fp64_square_root;
    case fp_compare:
      return fp64_compare;
    case fp_convert:
      return fp64_convert;
    case fp_move:
      return fp64_move;
    case fp_load:
      return fp_load_double;
    case fp_store:
      return fp_store_double;
    default:
      return single;
  }
}

// Registers of a list, a double-precision one counting as two words. A base register comes first in the
// operands of all but PUSH and POP.
unsigned words_of_list(const cs_insn& instruction) {
  const cs_arm& arm = instruction.detail->arm;
  const bool without_base = instruction.id == ARM_INS_PUSH || instruction.id == ARM_INS_POP ||
                            instruction.id == ARM_INS_VPUSH || instruction.id == ARM_INS_VPOP;
  unsigned words = 0;
  for (unsigned i = without_base ? 0 : 1; i < arm.op_count; ++i) {
    words += is_double_register(arm.operands[i]) ? 2 : 1;
  }
  return words;
}

InstructionClass class_of_vmov(const cs_arm& arm) {
  const auto cores = std::count_if(arm.operands, arm.operands + arm.op_count, is_core_register);
  return cores == 0 ? fp_move : cores == 1 ? fp_move_core : fp_move_core_pair;
}

Classification classify_decoded(const cs_insn& instruction, InstructionClass row) {
  const cs_arm& arm = instruction.detail->arm;
  const auto begin = arm.operands, end = arm.operands + arm.op_count;
  const bool to_pc = arm.op_count > 0 && is_pc(arm.operands[0]);
  Classification result{.instruction_class = row};
  switch (row) {
    case alu:
      if (to_pc && !only_compares(instruction.id)) {
        result = {.instruction_class = branch_register, .writes_pc = true};
      } else if (std::any_of(begin, end,
                             [](const cs_arm_op& o) { return o.shift.type != ARM_SFT_INVALID; })) {
        result.instruction_class = alu_shifted;
      }
      break;
    case load:
      if (to_pc) {
        result = {.instruction_class = load_pc, .writes_pc = true};
      } else if (has_register_offset(arm)) {
        result.instruction_class = load_register;
      }
      break;
    case store:
      if (has_register_offset(arm)) result.instruction_class = store_register;
      break;
    case load_multiple:
    case store_multiple:
    case fp_load_multiple:
    case fp_store_multiple:
      result.items = words_of_list(instruction);
      result.writes_pc = row == load_multiple && arm.op_count > 0 && is_pc(*(end - 1));
      break;
    case branch:
      result.writes_pc = true;
      result.conditional = arm.cc != ARM_CC_AL && arm.cc != ARM_CC_INVALID;
      if (result.conditional) result.instruction_class = branch_conditional;
      break;
    case branch_compare:
      result.writes_pc = result.conditional = true;
      break;
    case branch_link:
    case branch_register:
    case branch_table:
      result.writes_pc = true;
      break;
    case fp_move:
      if (instruction.id == ARM_INS_VMOV) row = class_of_vmov(arm);
      [[fallthrough]];
    default:
      result.instruction_class = std::any_of(begin, end, is_double_register) ? in_double_precision(row) : row;
      break;
  }
  return result;
}

}  // namespace

Classifier::Classifier() {
  csh handle = 0;
  const auto mode = static_cast<cs_mode>(CS_MODE_THUMB | CS_MODE_MCLASS | CS_MODE_V8);
  if (cs_open(CS_ARCH_ARM, mode, &handle) != CS_ERR_OK) throw std::runtime_error("Capstone lacks Arm");
  cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
  handle_ = handle;
}

Classifier::~Classifier() {
  csh handle = handle_;
  cs_close(&handle);
}

Classification Classifier::classify(const std::uint8_t* bytes, std::size_t size) const {
  static const std::array<InstructionClass, ARM_INS_ENDING> table = make_class_table();
  cs_insn* instruction = nullptr;
  Classification result;
  if (cs_disasm(handle_, bytes, size, 0, 1, &instruction) == 1) {
    if (instruction->id < table.size()) result = classify_decoded(*instruction, table[instruction->id]);
    cs_free(instruction, 1);
  }
  return result;
}

}  // namespace mcusim::emulator
