#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/wiring.h"

namespace mcusim::emulator {

/// EXTI (RM0090 chapter 12; RM0433 chapter 20 and RM0444 chapter 13 for the newer layouts), 32 lines to a
/// bank of registers. An edge of a line's pin, as RTSR and FTSR select it, and a write of 1 to SWIER make the
/// line pending; 1 to its pending register clears it. A pending line that IMR lets through is its interrupt:
/// PeripheralModel::interrupts[n] is that of line n, and lines may share one. PeripheralModel::pins tells
/// which port's pin a line listens to; events (EMR) are not modelled.
class ExternalInterrupts : public RegisterFile {
 public:
  ExternalInterrupts(const mcu_models::PeripheralModel& model, const Wiring& wiring);
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;

 private:
  /// Offsets; without one the part lacks the register.
  struct Bank {
    std::optional<std::uint32_t> mask, software, rising, falling, pending, pending_falling;
  };
  static constexpr unsigned kPins = 16;

  void write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask);
  void pins_changed(char port, std::uint16_t risen, std::uint16_t fallen);
  char port_of(unsigned line) const;
  void raise(const std::optional<std::uint32_t>& offset, std::uint32_t lines);
  void update();
  std::uint32_t word(const std::optional<std::uint32_t>& offset) const;

  Wiring wiring_;
  std::vector<int> numbers_;
  std::optional<mcu_models::PinSelection> selection_;
  std::array<Bank, 3> banks_;
};

}  // namespace mcusim::emulator
