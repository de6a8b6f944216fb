#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// pprof's profile (proto/pprof.proto), compressed by gzip, for `go tool pprof` and the viewers that read its
/// format. One sample per call path with the cycles and instructions that its last function spent itself;
/// callers stand at their call instructions, with the functions that were inlined there. Sample of what
/// `go tool pprof -top` makes of it:
///
///   Showing nodes accounting for 101, 100% of 101 total
///         flat  flat%   sum%        cum   cum%
///           64 63.37% 63.37%         64 63.37%  net_layer_0_conv src/conv.c
///
/// Throws InputError when the profile has no calls.
std::string pprof_export(const Profile& profile);

}  // namespace mcusim::profiler
