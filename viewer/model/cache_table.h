#pragma once

#include "profiler/profile.h"
#include "viewer/model/table.h"

namespace mcusim::viewer {

/// A row per symbol with its accesses and misses in one cache. The cache must outlive the table.
Table cache_symbol_table(const profiler::CacheProfile& cache);

}  // namespace mcusim::viewer
