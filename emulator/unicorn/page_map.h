#pragma once

#include <cstdint>
#include <vector>

#include "emulator/bus/bus.h"

namespace mcusim::emulator {

/// How an engine that maps whole pages sees a bus.
struct PageMap {
  /// Pages that one memory fills entirely: the host's bytes can stand in.
  struct Direct {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    bool writable = true;
    std::uint8_t* storage = nullptr;
  };
  /// Pages with devices, or that memories fill in part: every access must ask the bus.
  struct Slow {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  std::vector<Direct> direct;
  std::vector<Slow> slow;  ///< Sorted, disjoint, none inside `direct`.
};

PageMap make_page_map(const Bus& bus, std::uint32_t page_bytes);

}  // namespace mcusim::emulator
