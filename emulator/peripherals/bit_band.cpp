#include "emulator/peripherals/bit_band.h"

namespace mcusim::emulator {

// Where the target has nothing, reads give 0 and writes are lost: a device cannot refuse an access.
std::uint32_t BitBand::read(std::uint32_t offset, unsigned) {
  return bus_.read(word_of(offset), 4).value >> bit_of(offset) & 1;
}

void BitBand::write(std::uint32_t offset, unsigned, std::uint32_t value) {
  const std::uint32_t bit = 1u << bit_of(offset);
  const std::uint32_t word = bus_.read(word_of(offset), 4).value;
  bus_.write(word_of(offset), 4, (value & 1) != 0 ? word | bit : word & ~bit);
}

}  // namespace mcusim::emulator
