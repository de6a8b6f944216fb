#include "profiler/memory_map.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mcusim::profiler {
namespace {

/// By MemoryKind.
constexpr std::array kKindNames = {"flash", "ram", "itcm", "dtcm", "ccm", "backup"};

/// Bytes of [begin, begin + size) that the spans cover; they are sorted by their begin.
Bytes covered(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& spans, std::uint64_t begin,
              Bytes size) {
  Bytes bytes = 0;
  std::uint64_t done = begin;
  for (const auto& [from, to] : spans) {
    const std::uint64_t first = std::max(from, done), last = std::min(to, begin + size);
    if (first >= last) continue;
    bytes += last - first;
    done = last;
  }
  return bytes;
}

}  // namespace

void fill_regions(const mcu_models::McuModel& mcu, const emulator::Image& image, Profile& profile) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> spans;
  for (const emulator::Segment& segment : image.segments) {
    profile.segments.push_back({"", segment.address, segment.bytes.size()});
    spans.emplace_back(segment.address, segment.address + segment.bytes.size());
  }
  for (const emulator::Symbol& symbol : image.symbols)
    if (!symbol.is_function) spans.emplace_back(symbol.address, symbol.address + symbol.size);
  std::ranges::sort(spans);
  for (const mcu_models::MemoryRegion& memory : mcu.memory) {
    MemoryRegionUse& region = profile.memory.regions.emplace_back();
    region.span = {memory.name, memory.base, memory.size};
    region.kind = kKindNames[static_cast<std::size_t>(memory.kind)];
    region.used = covered(spans, memory.base, memory.size);
  }
}

}  // namespace mcusim::profiler
