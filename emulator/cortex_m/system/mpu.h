#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "common/units.h"

namespace mcusim::emulator::cortex_m {

/// The memory protection unit of Armv7-M (DDI 0403E B3.5) or Armv8-M (DDI 0553 B10). Memory types matter to
/// the caches of timing models only.
class Mpu {
 public:
  static constexpr unsigned kMaxRegions = 16;
  struct Access {
    bool privileged = true;
    bool write = false;
    bool execute = false;
  };

  Mpu(unsigned regions, bool v8m) : regions_(regions < kMaxRegions ? regions : kMaxRegions), v8m_(v8m) {}

  void reset();
  /// Offsets count from MPU_TYPE, 0xE000ED90.
  std::uint32_t read(std::uint32_t offset) const;
  void write(std::uint32_t offset, std::uint32_t value);

  bool enabled() const { return (control_ & 1) != 0; }
  /// Faults and NMI run unchecked unless HFNMIENA is set.
  bool enabled_at(int priority) const { return enabled() && (priority >= 0 || (control_ & 2) != 0); }
  bool permits(Address address, const Access& access) const;
  /// TEX, C and B of the region that holds `address` while the unit is on; Armv7-M only.
  std::optional<unsigned> memory_type(Address address) const;
  /// True when every address of the 4 KiB page has the same answer as `address`.
  bool uniform_page(Address address) const;

 private:
  struct Region {
    std::uint32_t rbar = 0;
    std::uint32_t attributes = 0;  ///< RASR, or RLAR on Armv8-M.
  };
  bool covers(const Region& region, Address address) const;
  bool allows(const Region& region, const Access& access) const;
  int find(Address address, unsigned* hits) const;
  void write_base(unsigned region, std::uint32_t value);

  unsigned regions_;
  bool v8m_;
  std::uint32_t control_ = 0, number_ = 0;
  std::array<std::uint32_t, 2> attribute_indirection_{};  ///< MAIR0, MAIR1.
  std::array<Region, kMaxRegions> table_{};
};

}  // namespace mcusim::emulator::cortex_m
