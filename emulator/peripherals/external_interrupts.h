#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/wiring.h"

namespace mcusim::emulator {

/// EXTI lines 0 to 31 (RM0090 chapter 12; RM0433 chapter 20 and RM0444 chapter 13 for the newer layouts): a
/// write of 1 to SWIER makes an unmasked line pending, 1 to its pending register clears it. No edge comes
/// from a pin, because nothing is connected. PeripheralModel::interrupts[n] is the interrupt of line n.
class ExternalInterrupts : public RegisterFile {
 public:
  ExternalInterrupts(const mcu_models::PeripheralModel& model, const Wiring& wiring);
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;

 private:
  void write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask);
  void update();

  InterruptLines* interrupts_;
  std::vector<int> numbers_;
  std::optional<std::uint32_t> mask_, trigger_, pending_, pending_falling_;
};

}  // namespace mcusim::emulator
