#pragma once

#include "emulator/cortex_m/operand_formats.h"

namespace mcusim::emulator::cortex_m {

/// Values of Operation::a for conversions to integral values: those of FPSCR.RMode and two more.
enum RoundingOperand : std::uint8_t {
  round_nearest_even = 0,
  round_up = 1,
  round_down = 2,
  round_to_zero = 3,
  round_nearest_away = 4,
  round_by_fpscr = 5,
};

/// The floating-point part of apply_format(). Single registers count 0-31, double ones 0-15.
bool apply_format_fp(const Encoding& encoding, const Operands& operands, Operation& operation);

}  // namespace mcusim::emulator::cortex_m
