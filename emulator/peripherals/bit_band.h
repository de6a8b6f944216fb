#pragma once

#include <cstdint>

#include "emulator/peripherals/bus_master.h"

namespace mcusim::emulator {

/// A bit-band alias of Cortex-M3 and M4 (DDI 0403E B3.1, TRM 100166 3.4): each word stands for one bit of the
/// first megabyte at `target`. A write changes that bit in a read and a write of its word.
class BitBand : public Device {
 public:
  static constexpr Bytes kSize = 0x02000000;

  BitBand(BusMaster& bus, Address target) : bus_(bus), target_(target) {}
  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;

 private:
  Address word_of(std::uint32_t offset) const { return target_ + offset / 128 * 4; }
  static unsigned bit_of(std::uint32_t offset) { return offset / 4 % 32; }

  BusMaster& bus_;
  Address target_;
};

}  // namespace mcusim::emulator
