#pragma once

#include <cstdint>
#include <string_view>

namespace mcusim::emulator {

/// What a cache or a flash buffer has done since reset. What one access is depends on the cache: of L1, a
/// 64-bit fetch or a data access; of the lines kept before a flash, a change of line by instructions or a
/// data access.
struct CacheCounters {
  std::uint64_t accesses = 0, misses = 0;
  std::uint64_t writebacks = 0;  ///< Dirty lines that had to leave.

  CacheCounters operator-(const CacheCounters& other) const {
    return {accesses - other.accesses, misses - other.misses, writebacks - other.writebacks};
  }
};

struct CacheUse {
  std::string_view name;  ///< As reports name it: "l1i", "l1d"; "icache"; "flash_i", "flash_d".
  CacheCounters counters;
};

}  // namespace mcusim::emulator
