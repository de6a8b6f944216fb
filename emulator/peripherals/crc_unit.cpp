#include "emulator/peripherals/crc_unit.h"

#include <algorithm>
#include <array>

#include "emulator/peripherals/register_names.h"

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kDr = 0x00, kCr = 0x08;
constexpr std::uint32_t kCrReset = 1u << 0, kCrReverseOut = 1u << 7;
constexpr unsigned kPolySizeShift = 3, kReverseInShift = 5;
constexpr std::array<unsigned, 4> kPolynomialBits = {32, 16, 8, 7};
/// REV_IN: bits are reversed within units of so many bits.
constexpr std::array<unsigned, 4> kReverseUnits = {1, 8, 16, 32};
constexpr std::uint32_t kEthernet = 0x04c11db7;

std::uint32_t mask_of(unsigned bits) { return bits >= 32 ? ~0u : (1u << bits) - 1; }

std::uint32_t reversed(std::uint32_t value, unsigned bits) {
  std::uint32_t result = 0;
  for (unsigned i = 0; i < bits; ++i) result |= (value >> i & 1) << (bits - 1 - i);
  return result;
}

}  // namespace

CrcUnit::CrcUnit(const mcu_models::PeripheralModel& model)
    : RegisterFile(model), init_(offset_of(model, {"INIT"})), pol_(offset_of(model, {"POL"})) {
  restart();
}

unsigned CrcUnit::polynomial_bits() const {
  return pol_ ? kPolynomialBits[store_.word(kCr) >> kPolySizeShift & 3] : 32;
}

void CrcUnit::restart() { crc_ = (init_ ? store_.word(*init_) : ~0u) & mask_of(polynomial_bits()); }

// The most significant bit goes first.
void CrcUnit::feed(std::uint32_t data, unsigned bits) {
  const unsigned unit = pol_ ? std::min(bits, kReverseUnits[store_.word(kCr) >> kReverseInShift & 3]) : 1;
  const unsigned size = polynomial_bits();
  const std::uint32_t polynomial = pol_ ? store_.word(*pol_) : kEthernet;
  for (unsigned i = 0; i < bits; ++i) {
    const unsigned straight = bits - 1 - i;
    const unsigned bit = straight / unit * unit + (unit - 1 - straight % unit);
    const bool carry = ((crc_ >> (size - 1) ^ data >> bit) & 1) != 0;
    crc_ = (crc_ << 1 ^ (carry ? polynomial : 0)) & mask_of(size);
  }
}

std::uint32_t CrcUnit::read(std::uint32_t offset, unsigned width) {
  const bool reverse = pol_ && (store_.word(kCr) & kCrReverseOut) != 0;
  store_.set_word(kDr, reverse ? reversed(crc_, polynomial_bits()) : crc_);
  return RegisterFile::read(offset, width);
}

void CrcUnit::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  const std::uint32_t aligned = offset & ~3u;
  if (aligned == kDr) {
    feed(value, pol_ ? 8 * width : 32);
    return;
  }
  RegisterFile::write(offset, width, value);
  const bool reset = (store_.word(kCr) & kCrReset) != 0;
  store_.set_word(kCr, store_.word(kCr) & ~kCrReset);
  if (reset || aligned == init_) restart();
}

}  // namespace mcusim::emulator
