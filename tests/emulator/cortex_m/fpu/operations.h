#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "emulator/cortex_m/fpu/fpu.h"
#include "operands.h"

namespace mcusim::emulator::fpu::testing {

/// What our functions make of an instruction with sources a (d0/s0) and b (d1/s2) and destination c (d2/s4,
/// its value before): the 64 bits of d2 afterwards.
using Compute = std::function<std::uint64_t(std::uint64_t a, std::uint64_t b, std::uint64_t c, Fpscr& fpscr)>;

struct Operation {
  std::string name;            ///< Assembler mnemonic.
  std::uint32_t encoding = 0;  ///< As UnicornFpu::run takes it.
  int operands = 1;            ///< 1: a; 2: a, b; 3: a, b, c. Fixed-point VCVT: 1, in c.
  OperandType type = OperandType::single;
  bool in_place = false;          ///< The one operand is the destination (fixed-point VCVT).
  bool alternative_half = false;  ///< Depends on FPSCR.AHP.
  bool always_nearest = false;    ///< Rounds to nearest whatever FPSCR.RMode says (VCVT from fixed point).
  bool cortex_m4 = false;         ///< FPv4-SP has it.
  Compute compute;
};

/// One list per family of instructions; together, every instruction of FPv5 that computes.
std::vector<Operation> arithmetic_operations(OperandType type);
std::vector<Operation> multiply_add_operations(OperandType type);
std::vector<Operation> comparison_operations(OperandType type);
std::vector<Operation> integer_conversions(OperandType type);
std::vector<Operation> fixed_point_conversions(OperandType type);
std::vector<Operation> format_conversions();

}  // namespace mcusim::emulator::fpu::testing
