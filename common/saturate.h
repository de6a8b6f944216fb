#pragma once

#include <cstdint>
#include <limits>

namespace mcusim {

/// The whole number at or below `value`, within what 63 bits hold; 0 of what is no number.
inline std::int64_t saturated(double value) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  if (value >= static_cast<double>(kMost)) return kMost;
  return value > 0 ? static_cast<std::int64_t>(value) : 0;
}
inline std::int64_t saturated(std::uint64_t value) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  return value >= static_cast<std::uint64_t>(kMost) ? kMost : static_cast<std::int64_t>(value);
}

}  // namespace mcusim
