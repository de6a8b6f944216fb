#pragma once

#include <string>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// What the --check options of a run found; empty without any:
///
///     check        uninit: 2 instructions, 13 accesses
///       reads 4 B at 0x20000128 (table+8), never written: 0x0800013c in sum (sum.c:12), 12 times
///       reads 4 B at 0x20000140 (record+4), 3 B of them never written: 0x08000150 in copy (copy.c:7), once
///     check        tensors: nothing found
std::string check_report(const Profile& profile);

/// "2 instructions, 13 accesses"
std::string check_summary(const CheckResult& check);
/// Of each finding one line, as above, and one for those that are not listed.
std::vector<std::string> check_findings(const CheckResult& check);

}  // namespace mcusim::profiler
