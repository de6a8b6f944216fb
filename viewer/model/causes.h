#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::viewer {

/// A part of what cycles were spent on.
struct CauseShare {
  std::size_t cause = 0;  ///< Index into Profile::stall_causes.
  Cycles cycles = 0;
};

/// Causes that cost anything, the most expensive first.
std::vector<CauseShare> causes_by_cycles(const profiler::CyclesByCause& stalls);

/// The most expensive cause but "issue", which is no stall, with its share in percent, "load_use 20.1"; empty
/// when there is none.
std::string worst_stall(const profiler::Profile& profile, const profiler::CyclesByCause& stalls);

}  // namespace mcusim::viewer
