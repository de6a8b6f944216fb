#pragma once

#include <cstdint>

#include "common/units.h"

namespace mcusim::emulator {

/// Where execution stands.
struct Moment {
  Cycles cycles = 0;
  Cycles deadline = 0;          ///< The first instruction boundary at or after it belongs to an event.
  std::uint64_t executed = 0;   ///< Instructions so far, without those that an IT block suppressed.
};

}  // namespace mcusim::emulator
