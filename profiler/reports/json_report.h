#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// The report for programs; docs/design.md lists the keys. Unknown is null, never 0.
/// Everything but host_seconds and mips is the same for the same input.
std::string json_report(const Profile& profile);

}  // namespace mcusim::profiler
