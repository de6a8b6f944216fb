#include "viewer/model/tensor_map.h"

#include <algorithm>
#include <numeric>

namespace mcusim::viewer {

using profiler::ActivationProfile;
using profiler::MemoryRegionUse;
using profiler::Profile;

namespace {

constexpr Bytes kAddressSpace = Bytes{1} << 32;

/// The region that an address lies in; null: none that the profile tells.
const MemoryRegionUse* region_of(const Profile& profile, Address address) {
  for (const MemoryRegionUse& region : profile.memory.regions)
    if (address >= region.span.begin && address - region.span.begin < region.span.size) return &region;
  return nullptr;
}

const MemoryRegionUse* fullest_region(const Profile& profile) {
  const MemoryRegionUse* fullest = nullptr;
  std::ptrdiff_t most = 0;
  for (const MemoryRegionUse& region : profile.memory.regions) {
    const auto count = std::ranges::count_if(profile.activations, [&](const ActivationProfile& activation) {
      return region_of(profile, activation.span.begin) == &region;
    });
    if (count > most) most = count, fullest = &region;
  }
  return fullest;
}

}  // namespace

std::optional<std::size_t> TensorMap::layer_of(std::size_t column) const {
  if (column == 0 || column + 1 >= columns) return std::nullopt;
  return column - 1;
}

TensorMap tensor_map(const Profile& profile) {
  TensorMap map;
  const MemoryRegionUse* fullest = fullest_region(profile);
  for (std::size_t i = 0; i < profile.activations.size(); ++i) {
    const ActivationProfile& activation = profile.activations[i];
    if (region_of(profile, activation.span.begin) != fullest || activation.span.size == 0) continue;
    map.boxes.push_back({i, static_cast<std::size_t>(activation.first + 1),
                         static_cast<std::size_t>(activation.last + 2), activation.span.begin,
                         activation.span.begin + std::min(activation.span.size, kAddressSpace)});
  }
  if (map.boxes.empty()) return map;
  map.columns = profile.layers.size() + 2;
  map.low = std::ranges::min(map.boxes, {}, &TensorBox::low).low;
  map.high = std::ranges::max(map.boxes, {}, &TensorBox::high).high;
  // First what changes at each column, which may go below 0 modulo 2^64, then what has added up.
  map.live.resize(map.columns + 1);
  for (const TensorBox& box : map.boxes) {
    map.live[box.column] += box.high - box.low;
    map.live[box.end] -= box.high - box.low;
  }
  std::partial_sum(map.live.begin(), map.live.end(), map.live.begin());
  map.live.resize(map.columns);
  return map;
}

}  // namespace mcusim::viewer
