#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "common/units.h"

namespace mcusim::emulator {

struct Stop;

/// Bytes whose access stops the core.
struct Watchpoint {
  enum class Kind : std::uint8_t { write, read, access };
  Kind kind = Kind::write;
  Address address = 0;
  Bytes size = 1;
  bool operator==(const Watchpoint&) const = default;
};

struct WatchHit {
  Watchpoint::Kind kind = Watchpoint::Kind::write;  ///< Of the watchpoint.
  Address address = 0;                              ///< The first watched byte that is accessed.
};

/// What semihosting and debuggers need of an engine beyond Engine. An engine may have none of it. One that
/// has it counts probes: one that was added twice has to be removed twice.
class DebugAccess {
 public:
  virtual ~DebugAccess() = default;

  /// Asked at each BKPT, with its number. True: it was dealt with and execution goes on behind it. False: the
  /// core treats it as without a debugger.
  virtual void set_breakpoint_listener(std::function<bool(std::uint32_t number)> listener) = 0;
  /// End with StopReason::exit_request after the instruction that is being executed.
  virtual void request_exit(int code) = 0;
  /// Bytes of a memory were changed from outside; they may be code.
  virtual void memory_changed(Address address, Bytes size) = 0;

  /// Executes one instruction, or what takes its place: a probe stops before it as it stops run(). Sleep
  /// passes as in run(), for ten million cycles at the most.
  virtual Stop step() = 0;
  /// While attached, a BKPT that the listener does not deal with stops the run instead of being a HardFault.
  virtual void attach(bool attached) = 0;
  /// Watches the loads and stores of instructions; those of exception entry and return are not seen. The
  /// instruction that is stopped has been charged its cycles and is charged again when it executes.
  virtual void watch(std::vector<Watchpoint> watchpoints) = 0;
  /// What the last StopReason::watchpoint was about.
  virtual WatchHit watch_hit() const = 0;
  /// Restarts the core as its own system reset does; time, memories and devices go on.
  virtual void restart() = 0;
};

}  // namespace mcusim::emulator
