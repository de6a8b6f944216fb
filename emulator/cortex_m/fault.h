#pragma once

#include <cstdint>

namespace mcusim::emulator::cortex_m {

/// Why an instruction could not complete; core_faults.cpp has the exception and the status bit of each.
enum class Fault : std::uint8_t {
  none,
  undefined_instruction,
  invalid_state,  ///< Executed with EPSR.T clear.
  invalid_pc,     ///< EXC_RETURN or the frame it names is not valid.
  no_coprocessor,
  unaligned,
  divide_by_zero,
  stack_overflow,  ///< Below MSPLIM or PSPLIM.
  bus_fetch,
  bus_data,  ///< Precise; the address is known.
  bus_stacking,
  bus_unstacking,
  bus_lazy_fp,
  mpu_fetch,  ///< Also a fetch from an execute-never region of the default map.
  mpu_data,
  mpu_stacking,
  mpu_unstacking,
  mpu_lazy_fp,
  vector_table,
  watchpoint,  ///< No fault of the core: a debugger watches the bytes.
};

}  // namespace mcusim::emulator::cortex_m
