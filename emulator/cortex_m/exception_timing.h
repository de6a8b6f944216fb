#pragma once

#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::cortex_m {

/// Cycles of the exception mechanism with stack and vectors at zero wait states.
struct ExceptionTiming {
  unsigned entry = 12;
  unsigned exit = 10;
  unsigned tail_chain = 6;
};

/// Armv6-M: entry 15 (documented, DDI 0484C 3.3), exit 13 (assumed). Others: 12, 10, 6 (assumed: recalled
/// from the technical reference manuals, not measured).
inline ExceptionTiming exception_timing(mcu_models::Architecture architecture) {
  if (architecture == mcu_models::Architecture::v6m) return {15, 13, 8};
  return {};
}

}  // namespace mcusim::emulator::cortex_m
