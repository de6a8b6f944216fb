#pragma once

#include <cstdint>
#include <optional>

#include "common/units.h"
#include "emulator/timing/stall_cause.h"

namespace mcusim::emulator {

/// Executions of one instruction, for a profile.
struct InstructionCount {
  Address address = 0;
  std::uint64_t count = 0;
  Cycles cycles = 0;
  /// `cycles` by cause, with full timing.
  std::optional<StallCycles> causes = std::nullopt;
};

}  // namespace mcusim::emulator
