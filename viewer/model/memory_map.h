#pragma once

#include <string>
#include <vector>

#include "profiler/profile.h"
#include "viewer/model/axis.h"
#include "viewer/model/table.h"

namespace mcusim::viewer {

/// What lies in one memory of the part.
struct MappedRegion {
  const profiler::MemoryRegionUse* use = nullptr;
  std::vector<profiler::AddressSpan> segments;  ///< Cut to the region; by address.
  std::vector<profiler::AddressSpan> symbols;   ///< Likewise; those of a known size.
  /// Accesses through caches per byte of each symbol, from 0 to 1 for the most in any memory, as logarithms:
  /// what is hot differs by powers of ten. Empty where the profile tells none.
  std::vector<double> heat;
};

/// The memories in the order of their addresses. The profile must outlive the result.
std::vector<MappedRegion> memory_map(const profiler::Profile& profile);

/// A span of addresses on the screen.
struct MapBox {
  static constexpr std::size_t kMany = ~std::size_t{0};

  std::size_t span = kMany;  ///< Its position in the list; kMany: several, each too small to be seen alone.
  double left = 0, right = 0;
};

/// Spans that are seen, at most two a pixel.
std::vector<MapBox> visible_spans(const std::vector<profiler::AddressSpan>& spans, const Axis& axis,
                                  double width);

/// A row per symbol of a known size, with its accesses where they are known. The profile must outlive the
/// table.
Table symbol_table(const profiler::Profile& profile);

}  // namespace mcusim::viewer
