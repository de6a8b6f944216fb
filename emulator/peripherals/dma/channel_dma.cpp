#include "emulator/peripherals/dma/channel_dma.h"

#include <algorithm>

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kIsr = 0x00, kIfcr = 0x04, kCselr = 0xa8;
constexpr std::uint32_t kFirst = 0x08, kStep = 0x14;
constexpr std::uint32_t kCcr = 0x0, kCndtr = 0x4, kCpar = 0x8, kCmar = 0xc;
// Of a channel's four bits in ISR and IFCR; TCIE, HTIE and TEIE in CCR have the places of their flags.
constexpr std::uint32_t kGlobal = 1, kComplete = 2, kHalf = 4, kError = 8, kEvents = 0xe;
constexpr std::uint32_t kEnable = 1u << 0, kFromMemory = 1u << 4, kCircular = 1u << 5,
                        kPeripheralIncrement = 1u << 6, kMemoryIncrement = 1u << 7,
                        kMemoryToMemory = 1u << 14;
constexpr unsigned kPeripheralSize = 8, kMemorySize = 10;

std::uint32_t place(unsigned channel, std::uint32_t reg) { return kFirst + kStep * channel + reg; }

}  // namespace

ChannelDma::ChannelDma(const mcu_models::PeripheralModel& model, const Wiring& wiring)
    : DmaController(model, wiring, std::min(static_cast<unsigned>(model.interrupts.size()), kMostChannels)) {}

DmaController::Trigger ChannelDma::trigger(unsigned channel) const {
  const std::uint32_t control = store_.word(place(channel, kCcr));
  if ((control & kEnable) == 0 || store_.word(place(channel, kCndtr)) == 0) return Trigger::none;
  return (control & kMemoryToMemory) != 0 ? Trigger::memory : Trigger::request;
}

unsigned ChannelDma::selection(unsigned channel) const { return store_.word(kCselr) >> (4 * channel) & 0xf; }

bool ChannelDma::interrupts(unsigned channel) const {
  return (store_.word(kIsr) >> (4 * channel) & store_.word(place(channel, kCcr)) & kEvents) != 0;
}

void ChannelDma::move(unsigned channel) {
  const std::uint32_t control = store_.word(place(channel, kCcr));
  const std::uint32_t left = store_.word(place(channel, kCndtr));
  const std::uint32_t done = round_[channel] - left;
  const unsigned peripheral_width = 1u << std::min(control >> kPeripheralSize & 3, 2u);
  const unsigned memory_width = 1u << std::min(control >> kMemorySize & 3, 2u);
  const Address peripheral = store_.word(place(channel, kCpar)) +
                             ((control & kPeripheralIncrement) != 0 ? done * peripheral_width : 0);
  const Address memory =
      store_.word(place(channel, kCmar)) + ((control & kMemoryIncrement) != 0 ? done * memory_width : 0);
  const bool copied = (control & kFromMemory) != 0 ? copy(memory, memory_width, peripheral, peripheral_width)
                                                   : copy(peripheral, peripheral_width, memory, memory_width);
  std::uint32_t events = 0;
  if (!copied) {
    events = kError;
    store_.set_word(place(channel, kCcr), control & ~kEnable);
  } else {
    if (left - 1 == round_[channel] / 2) events |= kHalf;
    if (left == 1) events |= kComplete;
    const bool again = left == 1 && (control & kCircular) != 0;
    store_.set_word(place(channel, kCndtr), again ? round_[channel] : left - 1);
  }
  if (events != 0) store_.set_word(kIsr, store_.word(kIsr) | (events | kGlobal) << (4 * channel));
}

void ChannelDma::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  write_through_words(offset, width, value,
                      [this](std::uint32_t aligned, std::uint32_t bits, std::uint32_t mask) {
                        write_word(aligned, bits, mask);
                      });
  update();
}

void ChannelDma::write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
  if (offset == kIsr) return;
  if (offset == kIfcr) {
    std::uint32_t flags = store_.word(kIsr);
    for (unsigned channel = 0; channel < channels(); ++channel) {
      const std::uint32_t bits = value >> (4 * channel) & 0xf;
      // The global bit clears the others, and stands while one of them does.
      flags &= ~(((bits & kGlobal) != 0 ? 0xfu : bits) << (4 * channel));
      if ((flags >> (4 * channel) & kEvents) == 0) flags &= ~(kGlobal << (4 * channel));
    }
    store_.set_word(kIsr, flags);
    return;
  }
  const std::uint32_t merged = (store_.word(offset) & ~mask) | value;
  const std::uint32_t channel = (offset - kFirst) / kStep, reg = (offset - kFirst) % kStep;
  if (offset < kFirst || channel >= channels()) {
    store_.set_word(offset, merged);
    return;
  }
  const bool enabled = (store_.word(place(channel, kCcr)) & kEnable) != 0;
  if (reg == kCcr) {
    if (!enabled && (merged & kEnable) != 0) round_[channel] = store_.word(place(channel, kCndtr));
    store_.set_word(offset, merged);
  } else if (!enabled) {  // Count and addresses are read-only while the channel is on.
    store_.set_word(offset, reg == kCndtr ? merged & 0xffff : merged);
  }
}

}  // namespace mcusim::emulator
