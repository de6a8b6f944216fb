#include "emulator/peripherals/register_store.h"

namespace mcusim::emulator {

std::uint32_t RegisterStore::word(std::uint32_t offset) const {
  const auto block = blocks_.find(offset / kBlockBytes);
  return block == blocks_.end() ? 0 : block->second[offset % kBlockBytes / 4];
}

void RegisterStore::set_word(std::uint32_t offset, std::uint32_t value) {
  const std::uint32_t number = offset / kBlockBytes;
  if (blocks_.size() >= kLargestBlocks && !blocks_.contains(number)) return;
  blocks_[number][offset % kBlockBytes / 4] = value;
}

std::uint32_t RegisterStore::read(std::uint32_t offset, unsigned width) const {
  return read_through_words(offset, width, [this](std::uint32_t aligned) { return word(aligned); });
}

void RegisterStore::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  for (unsigned i = 0; i < width; ++i) {
    const std::uint32_t aligned = (offset + i) & ~3u;
    const unsigned shift = (offset + i) % 4 * 8;
    const std::uint32_t byte = value >> (8 * i) & 0xff;
    set_word(aligned, (word(aligned) & ~(0xffu << shift)) | byte << shift);
  }
}

std::uint32_t read_through_words(std::uint32_t offset, unsigned width,
                                 const std::function<std::uint32_t(std::uint32_t)>& word) {
  const std::uint32_t aligned = offset & ~3u;
  const unsigned shift = offset % 4 * 8;
  std::uint64_t bytes = word(aligned);
  if (shift + 8 * width > 32) bytes |= static_cast<std::uint64_t>(word(aligned + 4)) << 32;
  const std::uint64_t mask = (1ull << (8 * width)) - 1;
  return static_cast<std::uint32_t>(bytes >> shift & mask);
}

void write_through_words(
    std::uint32_t offset, unsigned width, std::uint32_t value,
    const std::function<void(std::uint32_t offset, std::uint32_t value, std::uint32_t mask)>& word) {
  const std::uint32_t aligned = offset & ~3u;
  const unsigned shift = offset % 4 * 8;
  const std::uint64_t mask = ((1ull << (8 * width)) - 1) << shift;
  const std::uint64_t bytes = std::uint64_t{value} << shift & mask;
  word(aligned, static_cast<std::uint32_t>(bytes), static_cast<std::uint32_t>(mask));
  if (mask >> 32 != 0) {
    word(aligned + 4, static_cast<std::uint32_t>(bytes >> 32), static_cast<std::uint32_t>(mask >> 32));
  }
}

}  // namespace mcusim::emulator
