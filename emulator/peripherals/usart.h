#pragma once

#include <functional>
#include <string_view>

#include "emulator/peripherals/register_file.h"

namespace mcusim::emulator {

/// Receives what a UART sends.
using UartOutput = std::function<void(std::string_view)>;

/// USART of the older STM32 families (SR, DR, BRR, CR1; RM0090 chapter 30). A byte written to DR leaves at
/// once while UE and TE are set: TXE and TC always read 1. Nothing is received; no interrupts.
class UsartV1 : public RegisterFile {
 public:
  UsartV1(const mcu_models::PeripheralModel& model, UartOutput output);
  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;

 private:
  std::uint32_t read_word(std::uint32_t offset) const override;
  UartOutput output_;
};

/// USART, UART and LPUART of the newer STM32 families (CR1, ISR, TDR; RM0433 chapter 48), with the same
/// simplifications; TEACK and REACK follow TE and RE.
class UsartV2 : public RegisterFile {
 public:
  UsartV2(const mcu_models::PeripheralModel& model, UartOutput output);
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;

 private:
  std::uint32_t read_word(std::uint32_t offset) const override;
  UartOutput output_;
};

}  // namespace mcusim::emulator
