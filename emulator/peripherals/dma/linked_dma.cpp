#include "emulator/peripherals/dma/linked_dma.h"

#include <algorithm>

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kMisr = 0x0c;
constexpr std::uint32_t kFirst = 0x50, kStep = 0x80;
// Within a channel.
constexpr std::uint32_t kLbar = 0x00, kFcr = 0x0c, kSr = 0x10, kCr = 0x14, kTr1 = 0x40, kTr2 = 0x44,
                        kBr1 = 0x48, kSar = 0x4c, kDar = 0x50, kTr3 = 0x54, kBr2 = 0x58, kLlr = 0x7c;
// Flags have the places of their enables in CCR.
constexpr std::uint32_t kIdle = 1u << 0, kComplete = 1u << 8, kHalf = 1u << 9, kTransferError = 1u << 10,
                        kLinkError = 1u << 11, kSuspended = 1u << 13, kEvents = 0x7f00;
constexpr std::uint32_t kEnable = 1u << 0, kReset = 1u << 1, kSuspend = 1u << 2;
constexpr std::uint32_t kSourceIncrement = 1u << 3, kDestinationIncrement = 1u << 19;
constexpr unsigned kSourceWidth = 0, kDestinationWidth = 16, kAlignment = 11, kEventMode = 30;
constexpr std::uint32_t kPack = 2;  ///< Of PAM: packing or unpacking where the widths differ.
constexpr std::uint32_t kSelection = 0x7f, kSoftwareRequest = 1u << 9;
constexpr std::uint32_t kBytes = 0xffff, kLinkAddress = 0xfffc;
constexpr std::uint32_t kUpdates = 0xff010000;  ///< All bits of kLinkWords.
/// TCEM: the last link only.
constexpr std::uint32_t kAtLastLink = 3;

/// What a link can bring, in the order of its words (RM0456, GPDMA_CxLLR).
struct LinkWord {
  std::uint32_t bit;
  std::uint32_t reg;
};
constexpr LinkWord kLinkWords[] = {{1u << 31, kTr1}, {1u << 30, kTr2}, {1u << 29, kBr1}, {1u << 28, kSar},
                                   {1u << 27, kDar}, {1u << 26, kTr3}, {1u << 25, kBr2}, {1u << 16, kLlr}};

std::uint32_t place(unsigned channel, std::uint32_t reg) { return kFirst + kStep * channel + reg; }

}  // namespace

LinkedDma::LinkedDma(const mcu_models::PeripheralModel& model, const Wiring& wiring)
    : DmaController(model, wiring, std::min(static_cast<unsigned>(model.interrupts.size()), kMostChannels)) {
  for (unsigned channel = 0; channel < channels(); ++channel) store_.set_word(place(channel, kSr), kIdle);
}

void LinkedDma::reset() {
  DmaController::reset();
  for (unsigned channel = 0; channel < channels(); ++channel) store_.set_word(place(channel, kSr), kIdle);
}

std::uint32_t LinkedDma::read_word(std::uint32_t offset) const {
  if (offset != kMisr) return RegisterFile::read_word(offset);
  std::uint32_t result = 0;
  for (unsigned channel = 0; channel < channels(); ++channel) {
    result |= (interrupts(channel) ? 1u : 0u) << channel;
  }
  return result;
}

DmaController::Trigger LinkedDma::trigger(unsigned channel) const {
  const std::uint32_t control = store_.word(place(channel, kCr));
  if ((control & kEnable) == 0 || (control & kSuspend) != 0) return Trigger::none;
  // Without bytes to move it waits for no request: the first link is loaded, or the work is done.
  const bool empty = (store_.word(place(channel, kBr1)) & kBytes) == 0;
  const bool by_software = (store_.word(place(channel, kTr2)) & kSoftwareRequest) != 0;
  return empty || by_software ? Trigger::memory : Trigger::request;
}

unsigned LinkedDma::selection(unsigned channel) const {
  return store_.word(place(channel, kTr2)) & kSelection;
}

bool LinkedDma::interrupts(unsigned channel) const {
  return (store_.word(place(channel, kSr)) & store_.word(place(channel, kCr)) & kEvents) != 0;
}

void LinkedDma::fail(unsigned channel, std::uint32_t event) {
  store_.set_word(place(channel, kSr), store_.word(place(channel, kSr)) | event | kIdle);
  store_.set_word(place(channel, kCr), store_.word(place(channel, kCr)) & ~kEnable);
}

void LinkedDma::move(unsigned channel) {
  const std::uint32_t layout = store_.word(place(channel, kTr1));
  const unsigned from = 1u << std::min(layout >> kSourceWidth & 3, 2u);
  unsigned to = 1u << std::min(layout >> kDestinationWidth & 3, 2u);
  // Packing moves the same bytes to the same places as items of the source's width do.
  if ((layout >> kAlignment & kPack) != 0) to = from;
  const std::uint32_t block = store_.word(place(channel, kBr1));
  const std::uint32_t left = block & kBytes;
  if (left == 0 && has_link(channel)) {
    if (!load_next(channel)) fail(channel, kLinkError);
    return;
  }
  if (left != 0) {
    const Address source = store_.word(place(channel, kSar)), destination = store_.word(place(channel, kDar));
    if (left % from != 0 || !copy(source, from, destination, to)) return fail(channel, kTransferError);
    if ((layout & kSourceIncrement) != 0) store_.set_word(place(channel, kSar), source + from);
    if ((layout & kDestinationIncrement) != 0) store_.set_word(place(channel, kDar), destination + to);
    store_.set_word(place(channel, kBr1), (block & ~kBytes) | (left - from));
    const std::uint32_t half = block_[channel] / 2;
    if (left > half && left - from <= half) {
      store_.set_word(place(channel, kSr), store_.word(place(channel, kSr)) | kHalf);
    }
    if (left > from) return;
  }
  end_block(channel);
}

bool LinkedDma::has_link(unsigned channel) const {
  return (store_.word(place(channel, kLlr)) & (kLinkAddress | kUpdates)) != 0;
}

void LinkedDma::end_block(unsigned channel) {
  const bool last = !has_link(channel);
  const bool each = store_.word(place(channel, kTr2)) >> kEventMode != kAtLastLink;
  if (last || each) store_.set_word(place(channel, kSr), store_.word(place(channel, kSr)) | kComplete);
  if (last) {
    store_.set_word(place(channel, kSr), store_.word(place(channel, kSr)) | kIdle);
    store_.set_word(place(channel, kCr), store_.word(place(channel, kCr)) & ~kEnable);
  } else if (!load_next(channel)) {
    fail(channel, kLinkError);
  }
}

bool LinkedDma::load_next(unsigned channel) {
  const std::uint32_t link = store_.word(place(channel, kLlr));
  Address at = (store_.word(place(channel, kLbar)) & 0xffff0000) | (link & kLinkAddress);
  // A link that does not renew CxLLR ends the list.
  store_.set_word(place(channel, kLlr), 0);
  for (const LinkWord& word : kLinkWords) {
    if ((link & word.bit) == 0) continue;
    const BusRead value = read_memory(at);
    if (value.status != BusStatus::ok) return false;
    store_.set_word(place(channel, word.reg), value.value);
    at += 4;
  }
  block_[channel] = store_.word(place(channel, kBr1)) & kBytes;
  return true;
}

void LinkedDma::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  write_through_words(offset, width, value,
                      [this](std::uint32_t aligned, std::uint32_t bits, std::uint32_t mask) {
                        write_word(aligned, bits, mask);
                      });
  update();
}

void LinkedDma::write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
  const std::uint32_t merged = (store_.word(offset) & ~mask) | value;
  const std::uint32_t channel = (offset - kFirst) / kStep, reg = (offset - kFirst) % kStep;
  if (offset < kFirst || channel >= channels()) {
    store_.set_word(offset, merged);
  } else if (reg == kFcr) {
    const std::uint32_t status = place(channel, kSr);
    store_.set_word(status, store_.word(status) & ~(value & kEvents));
  } else if (reg == kCr) {
    write_control(channel, merged);
  } else if (reg != kSr && (store_.word(place(channel, kCr)) & kEnable) == 0) {
    store_.set_word(offset, merged);
  }
}

void LinkedDma::write_control(unsigned channel, std::uint32_t value) {
  const std::uint32_t old = store_.word(place(channel, kCr));
  std::uint32_t status = store_.word(place(channel, kSr));
  if ((value & kReset) != 0) {
    status = kIdle;
    value &= ~(kEnable | kReset | kSuspend);
  } else if ((old & kEnable) != 0) {
    value |= kEnable;  // Only RESET and the end of the work switch it off.
    if ((value & kSuspend) != 0 && (old & kSuspend) == 0) status |= kSuspended | kIdle;
    if ((value & kSuspend) == 0) status &= ~kIdle;
  } else if ((value & kEnable) != 0) {
    status &= ~kIdle;
    block_[channel] = store_.word(place(channel, kBr1)) & kBytes;
  }
  store_.set_word(place(channel, kSr), status);
  store_.set_word(place(channel, kCr), value);
}

}  // namespace mcusim::emulator
