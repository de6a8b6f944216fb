#pragma once

#include <cstdint>

#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/wiring.h"

namespace mcusim::emulator {

/// The RNG (RM0433 chapter 34): CR.RNGEN, CR.IE, SR.DRDY, DR. The numbers are a fixed sequence, so that a run
/// repeats; each is ready at once. Error flags never rise.
class RandomGenerator : public RegisterFile {
 public:
  RandomGenerator(const mcu_models::PeripheralModel& model, const Wiring& wiring);
  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;

 private:
  bool enabled() const;
  std::uint32_t next();

  InterruptLines* interrupts_;
  int interrupt_;
  std::uint64_t state_ = 0;
};

}  // namespace mcusim::emulator
