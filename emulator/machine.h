#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/units.h"
#include "emulator/bus/bus.h"
#include "emulator/engine.h"
#include "emulator/image/image.h"
#include "emulator/scheduler.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

struct MachineOptions {
  std::string engine = "unicorn";
  /// Receives what the firmware sends over the board's console UART. Empty: discarded.
  std::function<void(std::string_view)> console = {};
  /// Keep the lock of the cycle counter on cores that have one: firmware must write the key. A debugger
  /// leaves it open, and so does the default.
  bool dwt_lock = false;
};

/// One MCU on a board: memories, peripherals and the engine, wired together.
class Machine {
 public:
  Machine(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board,
          const MachineOptions& options);
  ~Machine();

  /// Puts the segments into memory and resets. Throws InputError naming the segment and the memories when
  /// something lies outside.
  void load(const Image& image);

  Stop run(const RunLimits& limits);

  Engine& engine();
  Bus& bus();
  const Bus& bus() const;
  Scheduler& scheduler();

  /// Emulated core clock after what the firmware programmed so far.
  Hertz clock() const;
  /// Peripherals that were accessed but have no model beyond reading back; for the report.
  std::vector<std::string> not_modelled() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace mcusim::emulator
