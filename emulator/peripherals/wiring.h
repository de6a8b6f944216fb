#pragma once

#include <functional>
#include <string_view>

#include "emulator/clock_tree/timebase.h"
#include "emulator/interrupt_lines.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator {

class BusMaster;
class DmaRequests;
class PinLevels;

/// Receives what a UART sends.
using UartOutput = std::function<void(std::string_view)>;

/// What a peripheral is connected to.
struct Wiring {
  UartOutput output = {};                          ///< Of a UART; empty: discarded.
  InterruptLines* interrupts = nullptr;            ///< Null: its interrupt goes nowhere.
  const clock_tree::DomainClock* clock = nullptr;  ///< What it counts with; null: core cycles.
  const clock_tree::Timebase* time = nullptr;      ///< Seconds; null: nothing takes time.
  Scheduler* scheduler = nullptr;                  ///< Null: nothing takes time.
  BusMaster* memory = nullptr;                     ///< Of devices that read and write by themselves.
  DmaRequests* requests = nullptr;                 ///< Null: no DMA serves it.
  PinLevels* pins = nullptr;                       ///< Null: its pins are seen by nobody.
};

}  // namespace mcusim::emulator
