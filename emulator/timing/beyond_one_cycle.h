#pragma once

#include <cstdint>

#include "common/units.h"
#include "emulator/timing/instruction_class.h"

namespace mcusim::emulator {

/// How far instructions took more or less than one cycle each, net per address. What an IT block suppressed
/// counts as further cycles.
struct BeyondOneCycle {
  Cycles load_store = 0;     ///< Cycles beyond the first of loads and stores.
  std::uint64_t folded = 0;  ///< Cycles short of one per execution.

  BeyondOneCycle& operator+=(const BeyondOneCycle& other) {
    load_store += other.load_store;
    folded += other.folded;
    return *this;
  }
  BeyondOneCycle& operator-=(const BeyondOneCycle& other) {
    load_store -= other.load_store;
    folded -= other.folded;
    return *this;
  }
};

/// Of one instruction.
inline BeyondOneCycle beyond_one_cycle(InstructionClass instruction_class, std::uint64_t count,
                                       Cycles cycles) {
  const auto net = static_cast<std::int64_t>(cycles - count);
  if (net < 0) return {0, 0 - static_cast<std::uint64_t>(net)};
  return {is_load_or_store(instruction_class) ? static_cast<Cycles>(net) : 0, 0};
}

}  // namespace mcusim::emulator
