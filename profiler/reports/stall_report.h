#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// Where the cycles of each layer went, the largest causes first, in percent of its cycles. Sample:
///
///   layer     cycles  spent on, in %
///       0    812,311  issue 61.2, load_use 20.1, branch 9.9, flash_data 4.0, others 4.8
///       1     44,102  issue 80.4, branch 18.9, others 0.7
///   total    856,509  issue 62.2, load_use 19.1, branch 10.4, flash_data 3.8, others 4.5
///
/// "total" is the inference with what lies between its layers; without a network it is the whole run and the
/// only row. Empty when the timing in use does not tell. docs/cycle-models.md names the causes.
std::string stall_report(const Profile& profile);

}  // namespace mcusim::profiler
