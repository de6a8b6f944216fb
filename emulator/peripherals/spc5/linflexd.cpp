#include "emulator/peripherals/spc5/linflexd.h"

#include <algorithm>

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kLincr1 = 0x00, kLinier = 0x04, kLinsr = 0x08, kUartcr = 0x10, kUartsr = 0x14,
                        kLinfbrr = 0x24, kLinibrr = 0x28, kBdrl = 0x38, kBdrm = 0x3c;
constexpr std::uint32_t kInit = 1, kSleep = 2;
constexpr std::uint32_t kUartMode = 0x1, kTransmit = 0x10, kReceive = 0x20, kTransmitFifo = 0x100,
                        kReceiveFifo = 0x200;
constexpr std::uint32_t kSent = 0x2, kReceived = 0x4, kMessageBuffer = 0x200;  ///< DTFTFF, DRFRFE, RMB.
constexpr std::uint32_t kSentEnable = 0x2, kReceivedEnable = 0x4;
constexpr std::uint32_t kStateShift = 12, kStateSleep = 0, kStateInit = 1, kStateIdle = 2;

}  // namespace

Linflexd::Linflexd(const mcu_models::PeripheralModel& model, Wiring wiring)
    : Uart(model), wiring_(std::move(wiring)), interrupts_(model.interrupts) {}

bool Linflexd::fifo() const { return (store_.word(kUartcr) & kReceiveFifo) != 0; }

void Linflexd::reset() {
  RegisterFile::reset();
  sent_ = false;
  received_.reset();
  update();
}

bool Linflexd::receiving() const {
  constexpr std::uint32_t kOn = kUartMode | kReceive;
  return (store_.word(kUartcr) & kOn) == kOn && (store_.word(kLincr1) & (kInit | kSleep)) == 0;
}

void Linflexd::receive(std::uint8_t byte) {
  received_ = byte;
  update();
}

// Start, eight data bits, stop; the rate is clock / (16 * LINIBRR + LINFBRR).
Cycles Linflexd::frame_cycles() const {
  const std::uint32_t ticks = 16 * (store_.word(kLinibrr) & 0xfffff) + (store_.word(kLinfbrr) & 15);
  return std::max<Cycles>(1, wiring_.clock->cycles_for(std::uint64_t{10} * ticks));
}

std::uint32_t Linflexd::read_word(std::uint32_t offset) const {
  switch (offset) {
    case kLinsr: {
      const std::uint32_t control = store_.word(kLincr1);
      const std::uint32_t state = (control & kInit) != 0    ? kStateInit
                                  : (control & kSleep) != 0 ? kStateSleep
                                                            : kStateIdle;
      return state << kStateShift;
    }
    case kUartsr: {
      std::uint32_t status = 0;
      const bool transmit_fifo = (store_.word(kUartcr) & kTransmitFifo) != 0;
      if (sent_ && !transmit_fifo) status |= kSent;
      if (received_) status |= kMessageBuffer;
      if (fifo() ? !received_ : received_.has_value()) status |= kReceived;
      return status;
    }
    case kBdrm:
      return received_.value_or(0);
    default:
      return RegisterFile::read_word(offset);
  }
}

std::uint32_t Linflexd::read(std::uint32_t offset, unsigned width) {
  const std::uint32_t value = Uart::read(offset, width);
  if ((offset & ~3u) == kBdrm && fifo() && received_) {
    received_.reset();
    update();
  }
  return value;
}

void Linflexd::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  const std::uint32_t place = offset & ~3u;
  if (place == kUartsr) {
    const std::uint32_t written = value << 8 * (offset & 3);
    if ((written & kSent) != 0) sent_ = false;
    if ((written & (kReceived | kMessageBuffer)) != 0 && !fifo()) received_.reset();
    update();
    return;
  }
  Uart::write(offset, width, value);
  if (offset == kBdrl) {
    constexpr std::uint32_t kOn = kUartMode | kTransmit;
    if ((store_.word(kUartcr) & kOn) == kOn) {
      const char byte = static_cast<char>(value);
      if (wiring_.output) wiring_.output({&byte, 1});
      sent_ = true;
    }
  }
  update();
}

void Linflexd::update() {
  if (wiring_.interrupts == nullptr || interrupts_.size() < 2) return;
  const std::uint32_t enables = store_.word(kLinier);
  const auto line = [this](std::size_t index, bool level) {
    if (interrupts_[index] >= 0) wiring_.interrupts->set(static_cast<unsigned>(interrupts_[index]), level);
  };
  line(0, received_ && (enables & kReceivedEnable) != 0);
  line(1, sent_ && (enables & kSentEnable) != 0);
}

}  // namespace mcusim::emulator
