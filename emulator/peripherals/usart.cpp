#include "emulator/peripherals/usart.h"

#include <array>

#include "emulator/peripherals/dma/dma_requests.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator {
namespace {

// In both generations of the USART; the flags' enables in CR1 have their places.
constexpr std::uint32_t kIdle = 1u << 4, kRxne = 1u << 5, kTc = 1u << 6, kTxe = 1u << 7;
constexpr std::uint32_t kCr1Re = 1u << 2, kCr1Te = 1u << 3;
constexpr std::uint32_t kCr3Dmar = 1u << 6, kCr3Dmat = 1u << 7;

/// CR2.STOP: 1, 0.5, 2 and 1.5 bits; whole ones here.
constexpr std::array<unsigned, 4> kStopBits = {1, 1, 2, 2};
constexpr unsigned kStopShift = 12;

}  // namespace

void Usart::reset() {
  RegisterFile::reset();
  received_.reset();
  idle_ = sending_ = false;
  ++generation_;
  update();
}

void Usart::receive(std::uint8_t byte) {
  received_ = byte;
  update();
}

void Usart::line_idle() {
  idle_ = receiving();
  update();
}

std::uint32_t Usart::take_received() {
  const std::uint32_t byte = received_.value_or(0);
  received_.reset();
  update();
  return byte;
}

void Usart::send(std::uint32_t value) {
  if (!enabled() || (control1() & kCr1Te) == 0) return;
  const char byte = static_cast<char>(value);
  if (wiring_.output) wiring_.output({&byte, 1});
  const Cycles frame = (control3() & kCr3Dmat) != 0 && wiring_.scheduler != nullptr ? frame_cycles() : 0;
  if (frame == 0) return;
  sending_ = true;
  wiring_.scheduler->at(wiring_.scheduler->now() + frame, [this, generation = ++generation_] {
    if (generation != generation_) return;
    sending_ = false;
    update();
  });
}

std::uint32_t Usart::flags() const {
  return (sending_ ? 0 : kTxe | kTc) | (received_ ? kRxne : 0) | (idle_ ? kIdle : 0);
}

void Usart::update() {
  if (wiring_.interrupts != nullptr && interrupt_ >= 0) {
    wiring_.interrupts->set(static_cast<unsigned>(interrupt_), enabled() && (flags() & control1()) != 0);
  }
  if (wiring_.requests == nullptr) return;
  const bool sends = enabled() && (control1() & kCr1Te) != 0 && (control3() & kCr3Dmat) != 0;
  const bool receives = enabled() && (control3() & kCr3Dmar) != 0;
  wiring_.requests->set(name_ + "_TX", sends && !sending_);
  wiring_.requests->set(name_ + "_RX", receives && received_.has_value());
}

Cycles Usart::frame_cycles() const {
  const unsigned bits = 1 + word_bits() + kStopBits[control2() >> kStopShift & 3];
  const std::uint64_t ticks = bit_ticks_256() * bits / 256;
  if (wiring_.clock == nullptr) return ticks;
  const Cycles cycles = wiring_.clock->cycles_for(ticks);
  return cycles == Scheduler::kNever ? 0 : cycles;
}

namespace v1 {
constexpr std::uint32_t kSr = 0x00, kDr = 0x04, kBrr = 0x08, kCr1 = 0x0c, kCr2 = 0x10, kCr3 = 0x14;
constexpr std::uint32_t kCr1Ue = 1u << 13, kCr1Over8 = 1u << 15, kCr1M = 1u << 12;
}  // namespace v1

std::uint32_t UsartV1::control1() const { return store_.word(v1::kCr1); }
std::uint32_t UsartV1::control2() const { return store_.word(v1::kCr2); }
std::uint32_t UsartV1::control3() const { return store_.word(v1::kCr3); }
bool UsartV1::enabled() const { return (control1() & v1::kCr1Ue) != 0; }
bool UsartV1::receiving() const { return enabled() && (control1() & kCr1Re) != 0; }
unsigned UsartV1::word_bits() const { return (control1() & v1::kCr1M) != 0 ? 9 : 8; }

std::uint64_t UsartV1::bit_ticks_256() const {
  const std::uint64_t divider = store_.word(v1::kBrr) & 0xffff;
  // Sixteenths of a 16-tick bit, or with OVER8 eighths of an 8-tick bit.
  return 256 * ((control1() & v1::kCr1Over8) != 0 ? (divider >> 4) * 8 + (divider & 7) : divider);
}

std::uint32_t UsartV1::read(std::uint32_t offset, unsigned width) {
  // DR is two registers: a read shows the receive side.
  if ((offset & ~3u) == v1::kDr) {
    // IDLE is cleared by a read of SR and then one of DR.
    if (status_read_) drop_idle();
    status_read_ = false;
    return offset == v1::kDr ? take_received() : 0;
  }
  if ((offset & ~3u) == v1::kSr) status_read_ = true;
  return RegisterFile::read(offset, width);
}

void UsartV1::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  switch (offset & ~3u) {
    case v1::kDr:
      if (offset == v1::kDr) send(value);
      break;
    case v1::kSr:
      // RXNE is cleared by writing 0; of the other flags none holds anything.
      if (offset == v1::kSr && (value & kRxne) == 0) drop_received();
      break;
    default:
      RegisterFile::write(offset, width, value);
      if (!enabled()) drop_received();
  }
  update();
}

std::uint32_t UsartV1::read_word(std::uint32_t offset) const {
  return offset == v1::kSr ? flags() : RegisterFile::read_word(offset);
}

namespace v2 {
constexpr std::uint32_t kCr1 = 0x00, kCr2 = 0x04, kCr3 = 0x08, kBrr = 0x0c, kRqr = 0x18, kIsr = 0x1c,
                        kIcr = 0x20, kRdr = 0x24, kTdr = 0x28, kPresc = 0x2c;
constexpr std::uint32_t kCr1Ue = 1u << 0, kCr1Over8 = 1u << 15, kCr1M0 = 1u << 12, kCr1M1 = 1u << 28;
constexpr std::uint32_t kRqrRxfrq = 1u << 3;
constexpr std::uint32_t kIsrTeack = 1u << 21, kIsrReack = 1u << 22;
constexpr std::array<unsigned, 12> kPrescalers = {1, 2, 4, 6, 8, 10, 12, 16, 32, 64, 128, 256};
}  // namespace v2

UsartV2::UsartV2(const mcu_models::PeripheralModel& model, Wiring wiring)
    : Usart(model, std::move(wiring)), low_power_(model.model == "lpuart") {}

std::uint32_t UsartV2::control1() const { return store_.word(v2::kCr1); }
std::uint32_t UsartV2::control2() const { return store_.word(v2::kCr2); }
std::uint32_t UsartV2::control3() const { return store_.word(v2::kCr3); }
bool UsartV2::enabled() const { return (control1() & v2::kCr1Ue) != 0; }
bool UsartV2::receiving() const { return enabled() && (control1() & kCr1Re) != 0; }

unsigned UsartV2::word_bits() const {
  if ((control1() & v2::kCr1M1) != 0) return 7;
  return (control1() & v2::kCr1M0) != 0 ? 9 : 8;
}

std::uint64_t UsartV2::bit_ticks_256() const {
  const std::uint32_t presc = store_.word(v2::kPresc) & 0xf;
  const std::uint64_t prescaler =
      presc < v2::kPrescalers.size() ? v2::kPrescalers[presc] : v2::kPrescalers.back();
  if (low_power_) return (store_.word(v2::kBrr) & 0xfffff) * prescaler;
  const std::uint64_t divider = store_.word(v2::kBrr) & 0xffff;
  const bool over8 = (control1() & v2::kCr1Over8) != 0;
  return 256 * prescaler * (over8 ? (divider >> 4) * 8 + (divider & 7) : divider);
}

std::uint32_t UsartV2::read(std::uint32_t offset, unsigned width) {
  if ((offset & ~3u) == v2::kRdr) return offset == v2::kRdr ? take_received() : 0;
  return RegisterFile::read(offset, width);
}

void UsartV2::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  switch (offset & ~3u) {
    case v2::kTdr:
      if (offset == v2::kTdr) send(value);
      break;
    case v2::kRqr:
      if (offset == v2::kRqr && (value & v2::kRqrRxfrq) != 0) drop_received();
      break;
    case v2::kIcr:
      if (offset == v2::kIcr && (value & kIdle) != 0) drop_idle();
      break;
    case v2::kIsr:
    case v2::kRdr:
      break;
    default:
      RegisterFile::write(offset, width, value);
      if (!enabled()) drop_received();
  }
  update();
}

std::uint32_t UsartV2::read_word(std::uint32_t offset) const {
  if (offset != v2::kIsr) return RegisterFile::read_word(offset);
  return flags() | ((control1() & kCr1Te) != 0 ? v2::kIsrTeack : 0) |
         ((control1() & kCr1Re) != 0 ? v2::kIsrReack : 0);
}

}  // namespace mcusim::emulator
