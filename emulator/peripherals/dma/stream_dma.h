#pragma once

#include <array>
#include <cstdint>

#include "emulator/peripherals/dma/dma_controller.h"

namespace mcusim::emulator {

/// The DMA of F4, F7 and H7 with eight streams (RM0090 chapter 10, RM0433 chapter 15): direct and FIFO mode
/// move the same bytes, double buffers take turns. Bursts, FIFO levels and their errors are not modelled.
class StreamDma : public DmaController {
 public:
  static constexpr unsigned kStreams = 8;

  StreamDma(const mcu_models::PeripheralModel& model, const Wiring& wiring)
      : DmaController(model, wiring, kStreams) {}
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;

 private:
  Trigger trigger(unsigned channel) const override;
  unsigned selection(unsigned channel) const override;
  void move(unsigned channel) override;
  bool interrupts(unsigned channel) const override;
  void write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask);
  void write_control(unsigned channel, std::uint32_t value);
  std::uint32_t flags(unsigned channel) const;
  void set_flags(unsigned channel, std::uint32_t events);

  /// Items of a round, as NDTR had them when the stream was switched on.
  std::array<std::uint32_t, kStreams> round_{};
};

}  // namespace mcusim::emulator
