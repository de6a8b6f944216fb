#include "emulator/peripherals/random_generator.h"

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kCr = 0x00, kSr = 0x04, kDr = 0x08;
constexpr std::uint32_t kCrEnable = 1u << 2, kCrInterrupt = 1u << 3, kSrReady = 1u << 0;

}  // namespace

RandomGenerator::RandomGenerator(const mcu_models::PeripheralModel& model, const Wiring& wiring)
    : RegisterFile(model), interrupts_(wiring.interrupts), interrupt_(model.interrupt) {}

bool RandomGenerator::enabled() const { return (store_.word(kCr) & kCrEnable) != 0; }

// SplitMix64 (Steele, Lea, Flood 2014): every state gives good bits, and so does 0 as the seed.
std::uint32_t RandomGenerator::next() {
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return static_cast<std::uint32_t>(z >> 32);
}

std::uint32_t RandomGenerator::read(std::uint32_t offset, unsigned width) {
  if ((offset & ~3u) == kDr) store_.set_word(kDr, enabled() ? next() : 0);
  return RegisterFile::read(offset, width);
}

// The sequence goes on: two starts of a firmware draw different numbers.
void RandomGenerator::reset() {
  RegisterFile::reset();
  if (interrupts_ != nullptr && interrupt_ >= 0) interrupts_->set(static_cast<unsigned>(interrupt_), false);
}

void RandomGenerator::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  if ((offset & ~3u) == kSr || (offset & ~3u) == kDr) return;  // Only error flags could be cleared.
  RegisterFile::write(offset, width, value);
  store_.set_word(kSr, enabled() ? kSrReady : 0);
  if (interrupts_ != nullptr && interrupt_ >= 0) {
    interrupts_->set(static_cast<unsigned>(interrupt_), enabled() && (store_.word(kCr) & kCrInterrupt) != 0);
  }
}

}  // namespace mcusim::emulator
