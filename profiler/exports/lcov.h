#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// A tracefile of lcov, for genhtml and for editors that show coverage: how often each source line and
/// function was executed. Sample:
///
///   TN:net
///   SF:src/mac.h
///   DA:3,10
///   DA:4,10
///   LF:2
///   LH:2
///   end_of_record
///
/// A line's count is that of its most executed instruction; code of inlined functions counts where it was
/// written. A profile knows executed instructions only, so lines that were never executed are absent, and
/// LF equals LH: this shows where execution went, not what a test suite missed. Throws InputError when the
/// profile has no source lines.
std::string lcov_export(const Profile& profile);

}  // namespace mcusim::profiler
