#pragma once

#include <array>
#include <cstdint>

#include "emulator/peripherals/dma/dma_controller.h"

namespace mcusim::emulator {

/// GPDMA and LPDMA of U5 (RM0456 chapters 17 and 18): blocks of up to 64 KB, chained by linked lists, with
/// half, complete, suspend and error events. Triggers, two-dimensional addressing, data exchange within an
/// item and bursts are not modelled; PeripheralModel::interrupts.size() channels.
class LinkedDma : public DmaController {
 public:
  LinkedDma(const mcu_models::PeripheralModel& model, const Wiring& wiring);
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;

 private:
  static constexpr unsigned kMostChannels = 16;

  std::uint32_t read_word(std::uint32_t offset) const override;
  Trigger trigger(unsigned channel) const override;
  unsigned selection(unsigned channel) const override;
  void move(unsigned channel) override;
  bool interrupts(unsigned channel) const override;
  void write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask);
  void write_control(unsigned channel, std::uint32_t value);
  bool has_link(unsigned channel) const;
  void end_block(unsigned channel);
  /// Takes registers over from the next item of the list. False: an address refuses.
  bool load_next(unsigned channel);
  void fail(unsigned channel, std::uint32_t event);

  std::array<std::uint32_t, kMostChannels> block_{};  ///< Bytes of the block under way.
};

}  // namespace mcusim::emulator
