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
/// written. Lines that the debug information has code for, and functions of the symbol table, count 0 where
/// they were not executed; what the linker left out is not there. Throws InputError when the profile has no
/// source lines.
std::string lcov_export(const Profile& profile);

}  // namespace mcusim::profiler
