#pragma once

#include <optional>

#include "emulator/peripherals/uart.h"

namespace mcusim::emulator {

/// LINFlexD as a UART (UM3100). A byte written to BDRL leaves at once while the transmitter is on: in buffer
/// mode DTFTFF is set, in FIFO mode it stays 0, for "not full". One byte is received at a time; RMB and
/// DRFRFE stand until they are written 1, or in FIFO mode until BDRM is read, where DRFRFE is 1 for "empty".
/// LIN itself, errors and DMA are registers without effect.
class Linflexd : public Uart {
 public:
  Linflexd(const mcu_models::PeripheralModel& model, Wiring wiring);

  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;

  bool receiving() const override;
  bool empty() const override { return !received_; }
  void receive(std::uint8_t byte) override;
  void line_idle() override {}
  Cycles frame_cycles() const override;

 private:
  std::uint32_t read_word(std::uint32_t offset) const override;
  void update();
  bool fifo() const;

  Wiring wiring_;
  std::vector<int> interrupts_;  ///< Received, sent.
  bool sent_ = false;
  std::optional<std::uint8_t> received_;
};

}  // namespace mcusim::emulator
