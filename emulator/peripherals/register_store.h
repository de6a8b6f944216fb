#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <unordered_map>

namespace mcusim::emulator {

/// Registers that read back what was written, at any width and alignment; 0 before. Memory is taken by blocks
/// of 1 KB at the first write, kLargestBlocks at most: what is written beyond is lost.
class RegisterStore {
 public:
  static constexpr std::uint32_t kBlockBytes = 1024;
  static constexpr std::size_t kLargestBlocks = 65536;

  /// The aligned word at `offset`.
  std::uint32_t word(std::uint32_t offset) const;
  void set_word(std::uint32_t offset, std::uint32_t value);

  std::uint32_t read(std::uint32_t offset, unsigned width) const;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value);

 private:
  using Block = std::array<std::uint32_t, kBlockBytes / 4>;
  std::unordered_map<std::uint32_t, Block> blocks_;
};

/// An access of `width` bytes at `offset` in terms of aligned words: calls word(offset) for the one or two
/// words it touches and puts the bytes together.
std::uint32_t read_through_words(std::uint32_t offset, unsigned width,
                                 const std::function<std::uint32_t(std::uint32_t)>& word);

/// The same for a write: calls word(offset, value, mask) for the one or two aligned words it touches, with
/// the bytes written in place and their bits set in `mask`.
void write_through_words(
    std::uint32_t offset, unsigned width, std::uint32_t value,
    const std::function<void(std::uint32_t offset, std::uint32_t value, std::uint32_t mask)>& word);

}  // namespace mcusim::emulator
