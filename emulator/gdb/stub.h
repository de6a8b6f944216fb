#pragma once

#include <bit>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/gdb/packet.h"
#include "emulator/gdb/register_map.h"
#include "emulator/guest_memory.h"
#include "emulator/machine.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::gdb {

/// Answers GDB's packets about a machine that stands still: registers, memory, breakpoints, descriptions.
/// Any bytes are safe; what is not understood is answered as the protocol wants it, by nothing or an error.
class Stub {
 public:
  enum class Action : std::uint8_t {
    reply,   ///< Send `text`.
    resume,  ///< No reply before the next stop.
    step,
    detach,          ///< Send `text`, then go on without a debugger.
    kill,            ///< Send `text` if there is one, then end.
    no_acknowledge,  ///< Send `text`; from then on frames are not acknowledged.
  };
  struct Answer {
    Action action = Action::reply;
    std::string text;
  };

  /// Both must outlive it; the machine's engine must have DebugAccess.
  Stub(Machine& machine, const mcu_models::McuModel& mcu);

  Answer handle(std::string_view packet);

  bool has_breakpoint(Address address) const;
  /// Takes every breakpoint and watchpoint away.
  void forget_points();
  /// What '?' tells.
  void set_last_stop(std::string report) { last_stop_ = std::move(report); }

 private:
  std::string registers() const;
  std::string set_registers(std::string_view digits);
  std::string one_register(Fields fields) const;
  std::string set_one_register(Fields fields);
  std::string memory(Fields fields);
  std::string set_memory(Fields fields, bool binary);
  std::string point(Fields fields, bool insert);
  Answer query(std::string_view packet);
  std::string transfer(std::string_view packet) const;
  std::string monitor(std::string_view command);
  std::string vle_code() const;
  Answer verbose(std::string_view packet);
  std::string flash(std::string_view packet);
  Answer resume(Fields fields, Action action);
  std::string memory_map() const;
  bool is_device_access(Address address, std::uint64_t size) const;
  Address device_lane(Address address, std::uint64_t size) const;

  Machine& machine_;
  DebugAccess& core_;
  GuestMemory memory_;
  RegisterMap map_;
  const std::endian order_;                         ///< Of registers in packets, and of words in memory.
  std::set<std::pair<char, Address>> breakpoints_;  ///< Z0 and Z1 apart: GDB removes them apart.
  std::vector<Watchpoint> watchpoints_;
  std::string last_stop_ = "S05";
};

}  // namespace mcusim::emulator::gdb
