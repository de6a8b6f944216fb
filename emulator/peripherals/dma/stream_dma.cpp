#include "emulator/peripherals/dma/stream_dma.h"

#include <algorithm>

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kIsr = 0x00, kIfcr = 0x08;  ///< Two registers each, for four streams.
constexpr std::uint32_t kFirst = 0x10, kStep = 0x18;
constexpr std::uint32_t kCr = 0x00, kNdtr = 0x04, kPar = 0x08, kM0ar = 0x0c, kM1ar = 0x10;
// Of a stream's six bits in the status registers.
constexpr std::uint32_t kError = 1u << 3, kHalf = 1u << 4, kComplete = 1u << 5, kFlags = 0x3d;
constexpr std::array<unsigned, 4> kFlagShift = {0, 6, 16, 22};
constexpr std::uint32_t kEnable = 1u << 0, kErrorInterrupt = 1u << 2, kHalfInterrupt = 1u << 3,
                        kCompleteInterrupt = 1u << 4, kCircular = 1u << 8, kPeripheralIncrement = 1u << 9,
                        kMemoryIncrement = 1u << 10, kDoubleBuffer = 1u << 18, kSecondBuffer = 1u << 19;
constexpr unsigned kDirectionShift = 6, kSizeShift = 11, kChannelShift = 25;
constexpr std::uint32_t kFromMemory = 1, kMemoryToMemory = 2;

std::uint32_t place(unsigned channel, std::uint32_t reg) { return kFirst + kStep * channel + reg; }
std::uint32_t direction(std::uint32_t control) { return control >> kDirectionShift & 3; }

}  // namespace

std::uint32_t StreamDma::flags(unsigned channel) const {
  return store_.word(kIsr + channel / 4 * 4) >> kFlagShift[channel % 4] & kFlags;
}

void StreamDma::set_flags(unsigned channel, std::uint32_t events) {
  const std::uint32_t offset = kIsr + channel / 4 * 4;
  store_.set_word(offset, store_.word(offset) | events << kFlagShift[channel % 4]);
}

DmaController::Trigger StreamDma::trigger(unsigned channel) const {
  const std::uint32_t control = store_.word(place(channel, kCr));
  if ((control & kEnable) == 0 || store_.word(place(channel, kNdtr)) == 0) return Trigger::none;
  return direction(control) == kMemoryToMemory ? Trigger::memory : Trigger::request;
}

unsigned StreamDma::selection(unsigned channel) const {
  return store_.word(place(channel, kCr)) >> kChannelShift & 0xf;
}

bool StreamDma::interrupts(unsigned channel) const {
  const std::uint32_t control = store_.word(place(channel, kCr)), raised = flags(channel);
  return ((raised & kError) != 0 && (control & kErrorInterrupt) != 0) ||
         ((raised & kHalf) != 0 && (control & kHalfInterrupt) != 0) ||
         ((raised & kComplete) != 0 && (control & kCompleteInterrupt) != 0);
}

// An item has the peripheral's width on both sides: with another width on the memory's side the FIFO packs,
// and the same bytes go to the same places.
void StreamDma::move(unsigned channel) {
  std::uint32_t control = store_.word(place(channel, kCr));
  const std::uint32_t left = store_.word(place(channel, kNdtr));
  const std::uint32_t done = round_[channel] - left;
  const unsigned width = 1u << std::min(control >> kSizeShift & 3, 2u);
  const bool second = (control & kDoubleBuffer) != 0 && (control & kSecondBuffer) != 0;
  const Address peripheral =
      store_.word(place(channel, kPar)) + ((control & kPeripheralIncrement) != 0 ? done * width : 0);
  const Address memory = store_.word(place(channel, second ? kM1ar : kM0ar)) +
                         ((control & kMemoryIncrement) != 0 ? done * width : 0);
  const bool copied = direction(control) == kFromMemory ? copy(memory, width, peripheral, width)
                                                        : copy(peripheral, width, memory, width);
  if (!copied) {
    store_.set_word(place(channel, kCr), control & ~kEnable);
    set_flags(channel, kError);
    return;
  }
  if (left - 1 == round_[channel] / 2) set_flags(channel, kHalf);
  if (left > 1) {
    store_.set_word(place(channel, kNdtr), left - 1);
    return;
  }
  set_flags(channel, kComplete);
  const bool again = (control & (kCircular | kDoubleBuffer)) != 0 && direction(control) != kMemoryToMemory;
  if ((control & kDoubleBuffer) != 0) control ^= kSecondBuffer;
  store_.set_word(place(channel, kNdtr), again ? round_[channel] : 0);
  store_.set_word(place(channel, kCr), again ? control : control & ~kEnable);
}

void StreamDma::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  write_through_words(offset, width, value,
                      [this](std::uint32_t aligned, std::uint32_t bits, std::uint32_t mask) {
                        write_word(aligned, bits, mask);
                      });
  update();
}

void StreamDma::write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
  if (offset < kIfcr) return;  // Status is read-only.
  if (offset < kFirst) {
    const std::uint32_t status = offset - kIfcr + kIsr;
    store_.set_word(status, store_.word(status) & ~value);
    return;
  }
  const std::uint32_t merged = (store_.word(offset) & ~mask) | value;
  const std::uint32_t channel = (offset - kFirst) / kStep, reg = (offset - kFirst) % kStep;
  if (channel >= kStreams) {
    store_.set_word(offset, merged);
    return;
  }
  const std::uint32_t control = store_.word(place(channel, kCr));
  const bool enabled = (control & kEnable) != 0;
  if (reg == kCr) {
    write_control(channel, merged);
  } else if (reg == kM0ar || reg == kM1ar) {
    // The buffer that is not in use may be moved.
    const bool in_use = ((control & kSecondBuffer) != 0) == (reg == kM1ar);
    if (!enabled || ((control & kDoubleBuffer) != 0 && !in_use)) store_.set_word(offset, merged);
  } else if (!enabled) {
    store_.set_word(offset, reg == kNdtr ? merged & 0xffff : merged);
  }
}

void StreamDma::write_control(unsigned channel, std::uint32_t value) {
  const std::uint32_t offset = place(channel, kCr), old = store_.word(offset);
  constexpr std::uint32_t kAlways = kEnable | kErrorInterrupt | kHalfInterrupt | kCompleteInterrupt | 2u;
  // While the stream is on, only the enables may change.
  if ((old & kEnable) != 0) value = (old & ~kAlways) | (value & kAlways);
  if ((old & kEnable) == 0 && (value & kEnable) != 0) round_[channel] = store_.word(place(channel, kNdtr));
  store_.set_word(offset, value);
}

}  // namespace mcusim::emulator
