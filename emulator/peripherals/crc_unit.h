#pragma once

#include <cstdint>
#include <optional>

#include "emulator/peripherals/register_file.h"

namespace mcusim::emulator {

/// The CRC calculation unit (RM0433 chapter 22): DR, CR with RESET, POLYSIZE, REV_IN and REV_OUT, INIT, POL.
/// On F1 and F4 (RM0090 chapter 4), whose model has no POL, it is the 32-bit Ethernet polynomial alone. The
/// result is ready at once.
class CrcUnit : public RegisterFile {
 public:
  explicit CrcUnit(const mcu_models::PeripheralModel& model);
  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override {
    RegisterFile::reset();
    restart();
  }

 private:
  unsigned polynomial_bits() const;
  void restart();
  void feed(std::uint32_t data, unsigned bits);

  std::optional<std::uint32_t> init_, pol_;
  std::uint32_t crc_ = 0;
};

}  // namespace mcusim::emulator
