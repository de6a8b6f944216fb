#pragma once

#include <functional>
#include <string_view>

#include "emulator/clock_tree/timebase.h"
#include "emulator/interrupt_lines.h"

namespace mcusim::emulator {

/// Receives what a UART sends.
using UartOutput = std::function<void(std::string_view)>;

/// What a peripheral is connected to.
struct Wiring {
  UartOutput output = {};                          ///< Of a UART; empty: discarded.
  InterruptLines* interrupts = nullptr;            ///< Null: its interrupt goes nowhere.
  const clock_tree::DomainClock* clock = nullptr;  ///< What it counts with; null: core cycles.
};

}  // namespace mcusim::emulator
