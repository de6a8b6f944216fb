#pragma once

#include <cstdint>

#include "common/units.h"

namespace mcusim::emulator {

/// Where a core stands between two instructions.
struct FlowPoint {
  Cycles cycles = 0;
  std::uint64_t instructions = 0;
  std::uint32_t sp = 0;  ///< The stack pointer in use; 0 where firmware has not set one up yet.
};

}  // namespace mcusim::emulator
