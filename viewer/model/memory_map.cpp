#include "viewer/model/memory_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "profiler/reports/format.h"
#include "viewer/model/cache_heat.h"

namespace mcusim::viewer {

using profiler::AddressSpan;
using profiler::MemoryRegionUse;
using profiler::Profile;

namespace {

std::uint64_t end_of(const AddressSpan& span) { return std::uint64_t{span.begin} + span.size; }

/// The parts of spans that lie in a region, by address.
std::vector<AddressSpan> within(const AddressSpan& region, const std::vector<AddressSpan>& spans) {
  std::vector<AddressSpan> inside;
  for (const AddressSpan& span : spans) {
    const std::uint64_t begin = std::max<std::uint64_t>(span.begin, region.begin);
    const std::uint64_t end = std::min(end_of(span), end_of(region));
    if (begin < end) inside.push_back({span.name, static_cast<Address>(begin), end - begin});
  }
  std::ranges::stable_sort(inside, {}, &AddressSpan::begin);
  return inside;
}

const MemoryRegionUse* region_of(const Profile& profile, Address address) {
  for (const MemoryRegionUse& region : profile.memory.regions)
    if (address >= region.span.begin && address < end_of(region.span)) return &region;
  return nullptr;
}

void add_heat(const AccessesBySymbol& accesses, std::vector<MappedRegion>& map) {
  double most = 0;
  for (MappedRegion& region : map) {
    for (const AddressSpan& symbol : region.symbols) {
      const auto found = accesses.find(symbol.name);
      const double each = found == accesses.end() ? 0
                                                  : static_cast<double>(found->second.accesses) /
                                                        static_cast<double>(symbol.size);
      region.heat.push_back(std::log1p(each));
      most = std::max(most, region.heat.back());
    }
  }
  for (MappedRegion& region : map)
    for (double& heat : region.heat) heat = most == 0 ? 0 : heat / most;
}

}  // namespace

std::vector<MappedRegion> memory_map(const Profile& profile) {
  std::vector<AddressSpan> symbols;
  for (const emulator::Symbol& symbol : profile.symbols)
    if (symbol.size != 0) symbols.push_back({symbol.name, symbol.address, symbol.size});
  std::vector<MappedRegion> map;
  for (const MemoryRegionUse& use : profile.memory.regions)
    map.push_back({&use, within(use.span, profile.segments), within(use.span, symbols), {}});
  std::ranges::stable_sort(map, {}, [](const MappedRegion& region) { return region.use->span.begin; });
  if (const AccessesBySymbol accesses = cached_accesses(profile); !accesses.empty()) add_heat(accesses, map);
  return map;
}

std::vector<MapBox> visible_spans(const std::vector<AddressSpan>& spans, const Axis& axis, double width) {
  std::vector<MapBox> boxes;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const double left = axis.to_pixel(spans[i].begin, width);
    const double right = axis.to_pixel(static_cast<double>(end_of(spans[i])), width);
    if (right <= 0 || left >= width) continue;
    if (right - left >= 1) {
      boxes.push_back({i, std::max(left, 0.0), std::min(right, width)});
      continue;
    }
    const double pixel = std::floor(std::max(left, 0.0));
    if (!boxes.empty() && boxes.back().right - boxes.back().left <= 1 && boxes.back().left == pixel) {
      boxes.back().span = MapBox::kMany;
    } else {
      boxes.push_back({i, pixel, pixel + 1});
    }
  }
  return boxes;
}

Table symbol_table(const Profile& profile) {
  std::vector<const emulator::Symbol*> symbols;
  for (const emulator::Symbol& symbol : profile.symbols)
    if (symbol.size != 0) symbols.push_back(&symbol);
  const std::size_t count = symbols.size();
  const auto symbol = [symbols = std::move(symbols)](std::size_t row) -> const emulator::Symbol& {
    return *symbols[row];
  };
  std::vector<Column> columns;
  columns.push_back({"symbol", [symbol](std::size_t row) { return symbol(row).name; }});
  columns.push_back(
      {"bytes", [symbol](std::size_t row) { return profiler::grouped(symbol(row).size); },
       [symbol](std::size_t row) { return std::optional(static_cast<double>(symbol(row).size)); }, true});
  columns.push_back(
      {"address", [symbol](std::size_t row) { return fmt::format("{:08x}", symbol(row).address); },
       [symbol](std::size_t row) { return std::optional(static_cast<double>(symbol(row).address)); }});
  columns.push_back({"memory", [&profile, symbol](std::size_t row) {
                       const MemoryRegionUse* region = region_of(profile, symbol(row).address);
                       return region == nullptr ? std::string() : region->span.name;
                     }});
  if (AccessesBySymbol accesses = cached_accesses(profile); !accesses.empty()) {
    const auto number = [symbol, accesses = std::move(accesses)](std::size_t row) -> std::optional<double> {
      const auto found = accesses.find(symbol(row).name);
      if (found == accesses.end()) return std::nullopt;
      return static_cast<double>(found->second.accesses);
    };
    columns.push_back({"cached accesses",
                       [number](std::size_t row) {
                         const auto known = number(row);
                         return known ? profiler::grouped(static_cast<std::uint64_t>(*known)) : std::string();
                       },
                       number, true});
  }
  columns.push_back(
      {"kind", [symbol](std::size_t row) { return symbol(row).is_function ? "code" : "data"; }});
  return Table(std::move(columns), count);
}

}  // namespace mcusim::viewer
