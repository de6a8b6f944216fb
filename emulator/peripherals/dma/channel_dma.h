#pragma once

#include <array>
#include <cstdint>

#include "emulator/peripherals/dma/dma_controller.h"

namespace mcusim::emulator {

/// The DMA of F1, L4, G0, G4 and the BDMA of H7 (RM0008 chapter 13, RM0351 chapter 11, RM0440 chapter 12):
/// PeripheralModel::interrupts.size() channels, selected by CSELR where there is no multiplexer.
class ChannelDma : public DmaController {
 public:
  ChannelDma(const mcu_models::PeripheralModel& model, const Wiring& wiring);
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;

 private:
  static constexpr unsigned kMostChannels = 8;

  Trigger trigger(unsigned channel) const override;
  unsigned selection(unsigned channel) const override;
  void move(unsigned channel) override;
  bool interrupts(unsigned channel) const override;
  void write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask);

  /// Items of a round, as CNDTR had them when the channel was switched on.
  std::array<std::uint32_t, kMostChannels> round_{};
};

}  // namespace mcusim::emulator
