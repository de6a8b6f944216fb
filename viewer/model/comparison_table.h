#pragma once

#include <string>

#include "profiler/compare/comparison.h"
#include "viewer/model/table.h"

namespace mcusim::viewer {

/// A row per part that both have, the profile's cost against the reference's. The comparison must outlive the
/// table.
Table comparison_table(const profiler::Comparison& comparison);

/// A cost in the reference's unit: "1,234" cycles, "0.123" milliseconds.
std::string cost_text(const profiler::Comparison& comparison, double cost);
/// "total -3.1 %, layers 4.0 % on average, worst +9.2 % (conv)", as far as it is known.
std::string errors_text(const profiler::Comparison& comparison);

}  // namespace mcusim::viewer
