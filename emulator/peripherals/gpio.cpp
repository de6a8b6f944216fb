#include "emulator/peripherals/gpio.h"

#include "emulator/peripherals/pin_levels.h"
#include "emulator/peripherals/register_names.h"

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kPins = 0xffff;
constexpr std::uint32_t kModeInput = 0, kModeOutput = 1, kModeAlternate = 2, kPullUp = 1;

}  // namespace

Gpio::Gpio(const mcu_models::PeripheralModel& model, const Wiring& wiring)
    : RegisterFile(model),
      pins_(wiring.pins),
      port_(model.name.empty() ? '?' : model.name.back()),
      idr_(offset_of(model, {"IDR"})),
      odr_(offset_of(model, {"ODR"})),
      bsrr_(offset_of(model, {"BSRR"})),
      brr_(offset_of(model, {"BRR"})),
      moder_(offset_of(model, {"MODER"})),
      pupdr_(offset_of(model, {"PUPDR"})),
      crl_(offset_of(model, {"CRL"})) {
  change_output(0, 0);
}

void Gpio::reset() {
  RegisterFile::reset();
  change_output(0, 0);
}

void Gpio::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  write_through_words(offset, width, value,
                      [this](std::uint32_t aligned, std::uint32_t bits, std::uint32_t mask) {
                        write_word(aligned, bits, mask);
                      });
}

void Gpio::write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
  if (offset == bsrr_) {
    change_output(value & kPins, value >> 16 & ~value & kPins);  // BS goes before BR.
  } else if (offset == brr_) {
    change_output(0, value & kPins);
  } else if (offset != idr_) {
    if (offset == odr_) value &= kPins;
    store_.set_word(offset, (store_.word(offset) & ~mask) | value);
    change_output(0, 0);
  }
}

void Gpio::change_output(std::uint32_t set, std::uint32_t clear) {
  if (!odr_ || !idr_) return;
  store_.set_word(*odr_, (store_.word(*odr_) & ~clear) | set);
  store_.set_word(*idr_, crl_ ? input_f1() : input());
  if (pins_ != nullptr) pins_->set(port_, static_cast<std::uint16_t>(store_.word(*idr_)));
}

std::uint32_t Gpio::input() const {
  if (!moder_ || !pupdr_) return 0;
  const std::uint32_t output = store_.word(*odr_);
  std::uint32_t result = 0;
  for (unsigned pin = 0; pin < 16; ++pin) {
    const std::uint32_t mode = store_.word(*moder_) >> (2 * pin) & 3;
    const bool pulled_up = (store_.word(*pupdr_) >> (2 * pin) & 3) == kPullUp;
    const bool high = mode == kModeOutput                            ? (output >> pin & 1) != 0
                      : mode == kModeInput || mode == kModeAlternate ? pulled_up
                                                                     : false;  // Analog reads 0.
    result |= (high ? 1u : 0u) << pin;
  }
  return result;
}

// Per pin MODE (0: input) and CNF; an input with pull resistor takes its direction from ODR.
std::uint32_t Gpio::input_f1() const {
  constexpr std::uint32_t kInputWithPull = 2, kAlternate = 2;
  std::uint32_t result = 0;
  for (unsigned pin = 0; pin < 16; ++pin) {
    const std::uint32_t bits = store_.word(*crl_ + (pin < 8 ? 0 : 4)) >> (pin % 8 * 4) & 0xf;
    const std::uint32_t mode = bits & 3;
    const std::uint32_t configuration = bits >> 2;
    const bool follows = mode == 0 ? configuration == kInputWithPull : configuration < kAlternate;
    if (follows) result |= store_.word(*odr_) & 1u << pin;
  }
  return result;
}

}  // namespace mcusim::emulator
