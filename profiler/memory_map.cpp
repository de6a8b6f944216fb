#include "profiler/memory_map.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace mcusim::profiler {
namespace {

/// By MemoryKind.
constexpr std::array kKindNames = {"flash", "ram", "itcm", "dtcm", "ccm", "backup"};

using Spans = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// Where newlib's and picolibc's heaps begin.
constexpr std::array<std::string_view, 4> kHeapBegins = {"__heap_start", "end", "_end", "__end__"};

/// What the run took beyond the image: its stacks, and the heap behind the static data.
Spans taken_by_run(const emulator::Image& image, const Profile& profile) {
  Spans spans;
  for (const StackProfile& stack : profile.stacks)
    spans.emplace_back(stack.highest - stack.peak, stack.highest);
  for (const std::string_view name : kHeapBegins) {
    const emulator::Symbol* const begin = image.find_symbol(name);
    if (begin == nullptr || !profile.memory.heap_peak) continue;
    spans.emplace_back(begin->address, begin->address + *profile.memory.heap_peak);
    break;
  }
  return spans;
}

/// Bytes of [begin, begin + size) that the spans cover; they are sorted by their begin.
Bytes covered(const Spans& spans, std::uint64_t begin, Bytes size) {
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
  Spans spans;
  for (const emulator::Segment& segment : image.segments) {
    profile.segments.push_back({"", segment.address, segment.bytes.size()});
    spans.emplace_back(segment.address, segment.address + segment.bytes.size());
  }
  for (const emulator::Symbol& symbol : image.symbols)
    if (!symbol.is_function) spans.emplace_back(symbol.address, symbol.address + symbol.size);
  std::ranges::sort(spans);
  Spans at_most = taken_by_run(image, profile);
  at_most.insert(at_most.end(), spans.begin(), spans.end());
  std::ranges::sort(at_most);
  for (const mcu_models::MemoryRegion& memory : mcu.memory) {
    MemoryRegionUse& region = profile.memory.regions.emplace_back();
    region.span = {memory.name, memory.base, memory.size};
    region.kind = kKindNames[static_cast<std::size_t>(memory.kind)];
    region.used = covered(spans, memory.base, memory.size);
    if (!profile.stacks.empty()) region.peak = covered(at_most, memory.base, memory.size);
  }
}

}  // namespace mcusim::profiler
