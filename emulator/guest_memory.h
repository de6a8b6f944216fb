#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "emulator/bus/bus.h"
#include "emulator/debug_access.h"

namespace mcusim::emulator {

/// The guest's memories for the host: every pointer is checked, devices are out of reach. A range may reach
/// from one memory into an adjoining one.
class GuestMemory {
 public:
  GuestMemory(Bus& bus, DebugAccess& core) : bus_(bus), core_(core) {}

  bool readable(Address address, Bytes size) const { return covers(address, size, false); }
  bool writable(Address address, Bytes size) const { return covers(address, size, true); }

  /// False, and nothing is done, when some of the bytes are no memory, or for write() read-only.
  bool read(Address address, void* bytes, Bytes size) const;
  bool write(Address address, const void* bytes, Bytes size);
  /// As write(), and into flash too.
  bool program(Address address, const void* bytes, Bytes size);

  /// Consecutive words; empty where they are no memory.
  template <std::size_t count>
  std::optional<std::array<std::uint32_t, count>> words(Address address) const {
    std::array<std::uint32_t, count> result;
    if (!read(address, result.data(), sizeof result)) return std::nullopt;
    return result;
  }

  /// What stands before a zero byte; empty when `longest` bytes or the end of the memory come first.
  std::optional<std::string> text(Address address, Bytes longest) const;

 private:
  bool covers(Address address, Bytes size, bool for_writing) const;

  Bus& bus_;
  DebugAccess& core_;
};

}  // namespace mcusim::emulator
