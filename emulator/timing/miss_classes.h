#pragma once

#include <cstdint>

namespace mcusim::emulator {

/// Misses by why they happened (Hill and Smith, "Evaluating associativity in CPU caches", 1989).
struct MissClasses {
  std::uint64_t compulsory = 0;  ///< The line was not in the cache since reset, or since it was invalidated.
  std::uint64_t capacity = 0;    ///< A fully associative cache of this size with LRU would have missed too.
  std::uint64_t conflict = 0;    ///< The rest.

  std::uint64_t sum() const { return compulsory + capacity + conflict; }
  MissClasses& operator+=(const MissClasses& other) {
    compulsory += other.compulsory;
    capacity += other.capacity;
    conflict += other.conflict;
    return *this;
  }
  MissClasses operator-(const MissClasses& other) const {
    return {compulsory - other.compulsory, capacity - other.capacity, conflict - other.conflict};
  }
};

}  // namespace mcusim::emulator
