#pragma once

#include "profiler/profile.h"
#include "viewer/model/table.h"

namespace mcusim::viewer {

/// A row per layer: what it is, and what it cost. The profile must outlive the table.
Table layer_table(const profiler::Profile& profile);

/// A row per executed function. The profile must outlive the table.
Table function_table(const profiler::Profile& profile);

}  // namespace mcusim::viewer
