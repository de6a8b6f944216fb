#pragma once

#include <optional>

#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/serial_receiver.h"
#include "emulator/peripherals/wiring.h"

namespace mcusim::emulator {

/// What the UARTs of all families have in common. A byte written to the data register leaves at once while
/// the transmitter is on: TXE and TC always read 1. One byte is received at a time, without FIFO, errors and
/// idle detection; RXNE falls when it is read. The interrupt line is high while RXNE, TXE or TC meets its
/// enable bit.
class Usart : public RegisterFile, public SerialReceiver {
 public:
  Usart(const mcu_models::PeripheralModel& model, Wiring wiring)
      : RegisterFile(model), wiring_(std::move(wiring)), interrupt_(model.interrupt) {}

  bool empty() const override { return !received_; }
  void receive(std::uint8_t byte) override;
  Cycles frame_cycles() const override;

 protected:
  void send(std::uint32_t value);
  /// The received byte, once; 0 when there is none.
  std::uint32_t take_received();
  bool has_received() const { return received_.has_value(); }
  void drop_received() { received_.reset(); }
  void update_interrupt();

 private:
  virtual std::uint32_t control1() const = 0;
  virtual bool enabled() const = 0;
  /// Data and parity bits of a frame.
  virtual unsigned word_bits() const = 0;
  virtual std::uint32_t control2() const = 0;
  /// Ticks of the kernel clock per bit, times 256.
  virtual std::uint64_t bit_ticks_256() const = 0;

  Wiring wiring_;
  int interrupt_;
  std::optional<std::uint8_t> received_;
};

/// USART of the older STM32 families (SR, DR, BRR, CR1; RM0090 chapter 30).
class UsartV1 : public Usart {
 public:
  using Usart::Usart;
  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  bool receiving() const override;

 private:
  std::uint32_t read_word(std::uint32_t offset) const override;
  std::uint32_t control1() const override;
  bool enabled() const override;
  unsigned word_bits() const override;
  std::uint32_t control2() const override;
  std::uint64_t bit_ticks_256() const override;
};

/// USART, UART and LPUART of the newer STM32 families (CR1, ISR, TDR; RM0433 chapters 48 and 49). TEACK and
/// REACK follow TE and RE.
class UsartV2 : public Usart {
 public:
  /// The baud rate register of an LPUART counts in 256ths.
  UsartV2(const mcu_models::PeripheralModel& model, Wiring wiring);
  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  bool receiving() const override;

 private:
  std::uint32_t read_word(std::uint32_t offset) const override;
  std::uint32_t control1() const override;
  bool enabled() const override;
  unsigned word_bits() const override;
  std::uint32_t control2() const override;
  std::uint64_t bit_ticks_256() const override;

  bool low_power_;
};

}  // namespace mcusim::emulator
