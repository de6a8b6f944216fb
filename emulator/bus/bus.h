#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/units.h"

namespace mcusim::emulator {

/// A device behind addresses. Offsets count from the device's base; width is 1, 2 or 4 bytes and the access
/// lies inside the device. A device answers at the time its Scheduler tells.
class Device {
 public:
  virtual ~Device() = default;
  virtual std::uint32_t read(std::uint32_t offset, unsigned width) = 0;
  virtual void write(std::uint32_t offset, unsigned width, std::uint32_t value) = 0;
  /// A system reset: registers take their reset values, lines fall, nothing is under way any more.
  virtual void reset() {}
  /// The clocks of the chip have just changed: what was scheduled by them has to be scheduled anew.
  virtual void clocks_changed() {}
};

enum class BusStatus : std::uint8_t { ok, unmapped, read_only };

/// Takes the guest's writes to a memory that is not writable, as a flash interface does. `offset` counts from
/// the memory's base, whatever alias was used.
class MemoryWriter {
 public:
  virtual ~MemoryWriter() = default;
  /// BusStatus::ok: the bus accepted the write, whatever became of it.
  virtual BusStatus write_memory(std::uint32_t offset, unsigned width, std::uint32_t value) = 0;
};

struct BusRead {
  BusStatus status = BusStatus::ok;
  std::uint32_t value = 0;
};

/// The address map of one machine: memories with host storage and devices.
///
/// A table with one host pointer per 4 KiB page answers the common case (RAM and flash) with one look-up;
/// pages that a memory fills only in part, devices and holes take the slow path.
class Bus {
 public:
  static constexpr unsigned kPageBits = 12;
  static constexpr Address kPageSize = 1u << kPageBits;

  Bus();
  ~Bus();
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  struct Memory {
    std::string name;
    Address base = 0;
    Bytes size = 0;
    bool writable = true;  ///< By the guest; load() always writes.
    std::uint8_t* storage = nullptr;
    bool executable = true;          ///< False: no instruction bus leads to it.
    MemoryWriter* writer = nullptr;  ///< Of a memory that is not writable; null: a write fails.
  };
  struct DeviceEntry {
    std::string name;
    Address base = 0;
    Bytes size = 0;
    Device* device = nullptr;
  };

  /// Adds zeroed RAM, or flash filled with 0xff when not writable. Regions must not overlap what is there.
  std::uint8_t* add_memory(const std::string& name, Address base, Bytes size, bool writable,
                           bool executable = true);
  /// The same bytes as the region at `target`, seen at `base` too.
  void add_alias(const std::string& name, Address base, Address target);
  /// The alias at `base` shows the memory at `target` from now on. Engines have to be told.
  void retarget_alias(Address base, Address target);
  /// `writer` takes the writes to the memory at `base` and to its aliases; it must outlive the bus's use.
  void set_writer(Address base, MemoryWriter* writer);
  /// `device` must outlive the bus's use. Where devices overlap, the one added first answers; a memory
  /// answers before any device.
  void add_device(const std::string& name, Address base, Bytes size, Device* device);

  /// Guest accesses; little-endian, any alignment (one that crosses regions is unmapped). Width 1, 2 or 4.
  BusRead read(Address address, unsigned width);
  BusStatus write(Address address, unsigned width, std::uint32_t value);

  /// Host pointers for [address & ~4095, +4096), or null where the slow path must be taken. The writable
  /// one is null for flash.
  std::uint8_t* read_page(Address address) const { return read_pages_[address >> kPageBits]; }
  std::uint8_t* write_page(Address address) const { return write_pages_[address >> kPageBits]; }

  /// The memory that holds [address, address + size) entirely, or null.
  const Memory* find_memory(Address address, Bytes size = 1) const;

  /// Host access to memory, flash included. False, and nothing is done, when not all of it is memory.
  bool load(Address address, const void* bytes, Bytes size);
  bool fetch(Address address, void* bytes, Bytes size) const;

  const std::vector<Memory>& memories() const { return memories_; }
  const std::vector<DeviceEntry>& devices() const { return devices_; }

 private:
  void map_pages(const Memory& memory);
  BusStatus write_through(const Memory& memory, Address address, unsigned width, std::uint32_t value);
  const DeviceEntry* find_device(Address address, unsigned width) const;

  std::vector<std::unique_ptr<std::uint8_t[]>> storage_;
  std::vector<Memory> memories_;
  std::vector<DeviceEntry> devices_;
  std::uint8_t** read_pages_ = nullptr;  ///< 2^20 entries each, zero pages until used.
  std::uint8_t** write_pages_ = nullptr;
};

}  // namespace mcusim::emulator
