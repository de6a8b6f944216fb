#include "emulator/unicorn/page_map.h"

#include <algorithm>

namespace mcusim::emulator {

PageMap make_page_map(const Bus& bus, std::uint32_t page_bytes) {
  PageMap map;
  std::vector<PageMap::Slow> wanted;
  const auto want = [&](Address base, Bytes size) {
    wanted.push_back(
        {base / page_bytes * page_bytes, (base + size + page_bytes - 1) / page_bytes * page_bytes});
  };
  for (const Bus::DeviceEntry& device : bus.devices()) want(device.base, device.size);
  for (const Bus::Memory& memory : bus.memories()) {
    want(memory.base, memory.size);
    const std::uint64_t begin = (memory.base + std::uint64_t{page_bytes} - 1) / page_bytes * page_bytes;
    const std::uint64_t end = (memory.base + memory.size) / page_bytes * page_bytes;
    if (begin >= end) continue;
    map.direct.push_back({begin, end, memory.writable, memory.storage + (begin - memory.base)});
  }
  std::ranges::sort(wanted, {}, &PageMap::Slow::begin);
  std::ranges::sort(map.direct, {}, &PageMap::Direct::begin);

  std::uint64_t done = 0;
  for (const PageMap::Slow& range : wanted) {
    std::uint64_t at = std::max(done, range.begin);
    for (const PageMap::Direct& direct : map.direct) {
      if (direct.end <= at || direct.begin >= range.end) continue;
      if (direct.begin > at) map.slow.push_back({at, direct.begin});
      at = direct.end;
    }
    if (at < range.end) map.slow.push_back({at, range.end});
    done = std::max({done, at, range.end});
  }
  return map;
}

}  // namespace mcusim::emulator
