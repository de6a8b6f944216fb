#pragma once

#include <string>
#include <string_view>

#include "profiler/run_profile.h"

namespace mcusim::profiler {

/// The report for programs; docs/design.md lists the keys. Unknown is null, never 0.
/// Everything but host_seconds and mips is the same for the same input.
std::string json_report(const RunProfile& profile);

/// The name of a stop reason in the JSON, as "self_branch".
std::string_view name_of(emulator::StopReason reason);

}  // namespace mcusim::profiler
