#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "common/units.h"
#include "emulator/bus/bus.h"

namespace mcusim::emulator {

/// The bus as devices use it that access memory by themselves. What they change is told to the engine, since
/// it may be code. Bus cycles are not contended for: the core never waits for such a device.
class BusMaster {
 public:
  /// Bytes of a memory changed.
  using Changed = std::function<void(Address address, Bytes size)>;

  BusMaster(Bus& bus, Changed changed) : bus_(bus), changed_(std::move(changed)) {}

  /// Only the core gets at [base, base + size).
  void forbid(Address base, Bytes size) { forbidden_.push_back({base, size}); }

  BusRead read(Address address, unsigned width) {
    if (refuses(address, width)) return {BusStatus::unmapped, 0};
    return bus_.read(address, width);
  }

  BusStatus write(Address address, unsigned width, std::uint32_t value) {
    if (refuses(address, width)) return BusStatus::unmapped;
    const BusStatus status = bus_.write(address, width, value);
    if (status == BusStatus::ok && bus_.find_memory(address, width) != nullptr) changed_(address, width);
    return status;
  }

  /// Whatever the memory is, as the flash interface itself writes.
  void load(Address address, const void* bytes, Bytes size) {
    if (bus_.load(address, bytes, size)) changed_(address, size);
  }
  bool fetch(Address address, void* bytes, Bytes size) const { return bus_.fetch(address, bytes, size); }

 private:
  struct Range {
    Address base;
    Bytes size;
  };
  /// Accesses of devices are aligned (RM0090 10.3.9: an address error otherwise).
  bool refuses(Address address, unsigned width) const {
    if (address % width != 0) return true;
    for (const Range& range : forbidden_) {
      if (address - range.base < range.size) return true;
    }
    return false;
  }

  Bus& bus_;
  Changed changed_;
  std::vector<Range> forbidden_;
};

}  // namespace mcusim::emulator
