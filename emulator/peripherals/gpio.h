#pragma once

#include <cstdint>
#include <optional>

#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/wiring.h"

namespace mcusim::emulator {

/// A general-purpose port (RM0433 11.4, RM0351 8.4; the F1: RM0008 9.2). ODR is set and cleared through BSRR
/// and BRR, which read 0. IDR shows ODR on output pins and the pull resistor on inputs: nothing is connected.
/// What the rules of the model say of IDR goes first. Locking has no effect. Changes of IDR are told to
/// Wiring::pins.
class Gpio : public RegisterFile {
 public:
  explicit Gpio(const mcu_models::PeripheralModel& model, const Wiring& wiring = {});
  void reset() override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;

 private:
  void write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask);
  void change_output(std::uint32_t set, std::uint32_t clear);
  std::uint32_t input() const;
  std::uint32_t input_f1() const;

  PinLevels* pins_;
  char port_;
  std::optional<std::uint32_t> idr_, odr_, bsrr_, brr_, moder_, pupdr_, crl_;
};

}  // namespace mcusim::emulator
