#pragma once

#include <optional>
#include <string>

#include "emulator/peripherals/uart.h"

namespace mcusim::emulator {

/// What the UARTs of all families have in common. A byte written to the data register leaves at once while
/// the transmitter is on: TXE and TC read 1. With CR3.DMAT a frame takes its time, and the next byte is
/// requested behind it. One byte is received at a time, without FIFO and errors; RXNE falls when it is read,
/// and with CR3.DMAR it is a request. IDLE rises when the line was silent for a frame after a byte. The
/// interrupt line is high while RXNE, TXE, TC or IDLE meets its enable bit. Requests are "NAME_RX" and
/// "NAME_TX".
class Usart : public Uart {
 public:
  Usart(const mcu_models::PeripheralModel& model, Wiring wiring)
      : Uart(model), name_(model.name), wiring_(std::move(wiring)), interrupt_(model.interrupt) {}

  void reset() override;
  bool empty() const override { return !received_; }
  void receive(std::uint8_t byte) override;
  void line_idle() override;
  Cycles frame_cycles() const override;

 protected:
  void send(std::uint32_t value);
  /// The received byte, once; 0 when there is none.
  std::uint32_t take_received();
  void drop_received() { received_.reset(); }
  void drop_idle() { idle_ = false; }
  /// RXNE, TXE, TC and IDLE, which have the same places in both generations, and so have their enables.
  std::uint32_t flags() const;
  /// Sets the interrupt line and the requests to DMA.
  void update();

 private:
  virtual std::uint32_t control1() const = 0;
  virtual std::uint32_t control3() const = 0;
  virtual bool enabled() const = 0;
  /// Data and parity bits of a frame.
  virtual unsigned word_bits() const = 0;
  virtual std::uint32_t control2() const = 0;
  /// Ticks of the kernel clock per bit, times 256.
  virtual std::uint64_t bit_ticks_256() const = 0;

  std::string name_;
  Wiring wiring_;
  int interrupt_;
  std::optional<std::uint8_t> received_;
  bool idle_ = false;
  bool sending_ = false;          ///< A frame that DMA brought is on the line.
  std::uint64_t generation_ = 0;  ///< Scheduled ends of frames of an older one are void.
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
  std::uint32_t control3() const override;
  std::uint64_t bit_ticks_256() const override;

  bool status_read_ = false;
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
  std::uint32_t control3() const override;
  std::uint64_t bit_ticks_256() const override;

  bool low_power_;
};

}  // namespace mcusim::emulator
