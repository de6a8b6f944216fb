#pragma once

#include <cstring>

#include "emulator/cortex_m/cpu_state.h"
#include "emulator/cortex_m/fpu/fpu.h"
#include "emulator/cortex_m/operand_formats_fp.h"

namespace mcusim::emulator::cortex_m {

inline std::uint64_t read_double(const CpuState& s, unsigned index) {
  return static_cast<std::uint64_t>(s.s[index * 2 + 1]) << 32 | s.s[index * 2];
}
inline void write_double(CpuState& s, unsigned index, std::uint64_t value) {
  s.s[index * 2] = static_cast<std::uint32_t>(value);
  s.s[index * 2 + 1] = static_cast<std::uint32_t>(value >> 32);
}

inline fpu::Rounding rounding_of(const CpuState& s, std::uint8_t operand) {
  return operand == round_by_fpscr ? s.fpscr.rounding() : static_cast<fpu::Rounding>(operand);
}

/// VSEL's condition: 0 EQ, 1 VS, 2 GE, 3 GT.
inline bool fp_select(const CpuState& s, unsigned condition) {
  static constexpr unsigned kCodes[] = {0, 6, 10, 12};
  return s.condition(kCodes[condition]);
}

inline fpu::FixedPoint fixed_point_of(const Operation& op) {
  return {(op.a & 2) ? 32 : 16, static_cast<int>(op.imm), (op.a & 1) == 0};
}

}  // namespace mcusim::emulator::cortex_m
