#pragma once

#include <cstdint>
#include <string>

#include "emulator/gdb/connection.h"
#include "emulator/gdb/packet.h"
#include "emulator/gdb/stub.h"
#include "emulator/machine.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::gdb {

/// Lets GDB control a machine. It stands where Machine::run() does, so that whoever drives the machine still
/// sees his own probes and limits:
///
///     Server server(0, machine, mcu);     // listens; server.port() is for the user
///     server.wait_for_client();
///     Stop stop = server.run(limits);     // again and again, as one would call machine.run()
///     server.finish(stop);
class Server {
 public:
  /// Throws InputError when the port cannot be had or the engine has no DebugAccess.
  Server(std::uint16_t port, Machine& machine, const mcu_models::McuModel& mcu);

  std::uint16_t port() const { return connection_.port(); }
  void wait_for_client();

  /// As Machine::run(); while GDB has stopped the machine it does not return. A stop at a probe of GDB's own
  /// is returned too, before GDB hears of it. Ends with StopReason::killed when GDB kills or disappears.
  Stop run(const RunLimits& limits);
  /// Tells GDB how the run ended, and closes.
  void finish(const Stop& stop);

 private:
  enum class Mode : std::uint8_t { halted, running, stepping, detached, killed };

  static DebugAccess& debug_access(Machine& machine);
  void halt(std::string report);
  void converse();
  void obey(const Stub::Answer& answer);
  bool interrupted();
  Stop execute(const RunLimits& limits);
  /// Halts for what concerns GDB; true when nobody else has to hear of it.
  bool take(const Stop& stop);

  Machine& machine_;
  DebugAccess& core_;
  Connection connection_;
  PacketReader reader_;
  Stub stub_;
  Mode mode_ = Mode::halted;
  bool acknowledges_ = true;
  bool report_due_ = false;
  std::string report_;
  std::string last_frame_;
  bool at_bkpt_ = false;         ///< Resuming goes on behind it.
  bool fault_reported_ = false;  ///< The next one ends the run.
};

}  // namespace mcusim::emulator::gdb
