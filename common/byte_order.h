#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mcusim {

/// Turns the bytes of each element of `width` bytes around: from the order of this program's files, which is
/// little-endian, to that of a big-endian target, or back.
inline void reverse_elements(std::span<std::uint8_t> bytes, std::size_t width) {
  for (std::size_t at = 0; at + width <= bytes.size(); at += width) {
    const std::span<std::uint8_t> element = bytes.subspan(at, width);
    std::reverse(element.begin(), element.end());
  }
}

}  // namespace mcusim
