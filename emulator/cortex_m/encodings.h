#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "emulator/cortex_m/features.h"
#include "emulator/cortex_m/operation.h"

namespace mcusim::emulator::cortex_m {

/// How the fields of an encoding become an Operation; one case each in operand_formats.cpp.
enum class Format : std::uint8_t {
  none,
  // 16-bit encodings
  shift_imm16,
  dnm,
  dni,
  di,
  ni,
  dn_same_i,
  dm_two,
  nm,
  rsb_zero,
  muls,
  hi_add,
  hi_cmp,
  hi_mov,
  bx,
  blx,
  load_lit16,
  ls_reg16,
  ls_imm16_w,
  ls_imm16_h,
  ls_imm16_b,
  ls_sp16,
  adr16,
  add_sp16,
  sp_adjust,
  cb,
  dm,
  push16,
  pop16,
  cps,
  imm8,
  it,
  stm16,
  ldm16,
  bcond16,
  b16,
  // 32-bit encodings
  alu_reg,
  compare_reg,
  mov_reg32,
  mvn_reg32,
  alu_imm,
  compare_imm,
  mov_imm32,
  mvn_imm32,
  add_wide,
  movw,
  movt,
  saturate,
  saturate16,
  bit_extract,
  bit_insert,
  shift_reg,
  extend,
  extend_add,
  dnm32,
  dnma,
  long_multiply,
  pkh,
  xy,
  xya,
  x_flag,
  x_flag_a,
  long_xy,
  long_x,
  ldm32,
  stm32,
  ldmdb32,
  stmdb32,
  ls_double,
  load_exclusive,
  store_exclusive,
  load_exclusive_narrow,
  store_exclusive_narrow,
  table_branch,
  acquire_release,
  tt,
  ls_imm12,
  ls_imm8,
  ls_reg32,
  ls_unpriv,
  ls_lit32,
  bcond32,
  b32,
  bl,
  mrs,
  msr,
  qnm,
  // floating point
  fp_ls,
  fp_ls_multiple,
  fp_core,
  fp_core_pair,
  fp_core_scalar,
  fp_status,
  fp3,
  fp2,
  fp_imm,
  fp_compare,
  fp_round,
  fp_round_directed,
  fp_from_int,
  fp_to_int,
  fp_to_int_directed,
  fp_fixed,
  fp_half,
  fp_widen,
  fp_select,
};

/// One encoding of the Arm manual.
struct Encoding {
  /// Most significant bit first, spaces ignored. 0 and 1 are fixed; z and o are "should be" 0 and 1, whose
  /// other value is UNPREDICTABLE and accepted; every other letter names a field.
  std::string_view pattern;
  std::string_view mnemonic;  ///< Without condition; as a disassembler prints it.
  Code code;
  Format format;
  Features needs;
  InstructionClass instruction_class;
};

/// Of encodings that overlap, the first one holds.
std::span<const Encoding> encodings16();
std::span<const Encoding> encodings32();
std::span<const Encoding> encodings_fp();

}  // namespace mcusim::emulator::cortex_m
