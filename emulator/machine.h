#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/units.h"
#include "emulator/bus/bus.h"
#include "emulator/engine.h"
#include "emulator/host_io/serial_end.h"
#include "emulator/image/image.h"
#include "emulator/scheduler.h"
#include "emulator/semihosting/semihosting.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

struct MachineOptions {
  std::string engine = "native";  ///< Or "unicorn", the reference.
  /// Check the native engine by Unicorn, instruction by instruction; needs engine "native".
  bool lockstep = false;
  /// "off": one cycle per instruction; "table": documented costs; "full": pipeline, caches, wait states.
  std::string timing = "table";
  /// Receives what the firmware sends over the board's console UART. Empty: discarded.
  std::function<void(std::string_view)> console = {};
  /// Keep the lock of the cycle counter on cores that have one: firmware must write the key. A debugger
  /// leaves it open, and so does the default.
  bool dwt_lock = false;
  /// Receives what the firmware writes to the ITM's stimulus port 0, one to four bytes at once. Empty:
  /// discarded.
  std::function<void(std::string_view)> trace = {};
  /// Ends of UARTs by the peripheral's name; they must outlive the machine. What the console sends goes to
  /// `console` as well.
  std::map<std::string, host_io::SerialEnd*> uarts = {};
  /// End a run with StopReason::idle once the console's input is at its end (at once without an end in
  /// `uarts`) and nothing was sent over it for 100 ms of emulated time.
  bool stop_when_idle = false;
  /// How the firmware's calls to its host are answered, on engines with DebugAccess.
  semihosting::Options semihosting = {};
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

  /// Executes until there is a reason to stop; a limit in seconds is a cycle_limit too.
  Stop run(const RunLimits& limits);
  /// One instruction; the engine must have DebugAccess.
  Stop step();

  /// Hears what the firmware writes to the ITM's stimulus ports from 1 on; empty: nobody.
  void follow_stimulus(Engine::TraceListener listener);

  Engine& engine();
  Bus& bus();
  const Bus& bus() const;
  Scheduler& scheduler();

  /// Byte order of its memories.
  bool big_endian() const;
  /// Emulated core clock after what the firmware programmed so far.
  Hertz clock() const;
  /// Emulated time since reset, over all clocks that the core has had.
  double seconds() const;
  /// Peripherals that were accessed but have no model beyond reading back; for the report.
  std::vector<std::string> not_modelled() const;
  /// What would go differently on a board; one line each.
  std::vector<std::string> warnings() const;
  /// How the firmware has set up wait states and caches for the work whose code is at `code`; see hazards.h.
  std::vector<std::string> hazards(const Image& image, Address code) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace mcusim::emulator
