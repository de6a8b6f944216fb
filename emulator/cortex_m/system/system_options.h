#pragma once

#include "emulator/clock_tree/timebase.h"

namespace mcusim::emulator::cortex_m {

/// What the machine around a core decides about its system space.
struct SystemOptions {
  /// What SysTick counts with CLKSOURCE = 0; it must outlive the core. Null: the core clock divided by 8.
  const clock_tree::DomainClock* systick_reference = nullptr;
  /// Whether the lock of the DWT, on cores that have one, holds.
  bool dwt_lock = true;
};

}  // namespace mcusim::emulator::cortex_m
