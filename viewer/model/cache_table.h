#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "profiler/profile.h"
#include "viewer/model/table.h"

namespace mcusim::viewer {

// The cache must outlive the tables. Misses by class are there where the profile knows them.

/// A row per symbol that lies in lines of the cache, with its accesses and misses.
Table cache_symbol_table(const profiler::CacheProfile& cache);
/// A row per function whose code missed.
Table cache_function_table(const profiler::CacheProfile& cache);
/// A row per pair of symbols of which one took the other's place.
Table cache_conflict_table(const profiler::CacheProfile& cache);

/// Numbers in ascending order, with neighbours as spans: "2, 4-7".
std::string spans_of(const std::vector<std::uint32_t>& numbers);

}  // namespace mcusim::viewer
