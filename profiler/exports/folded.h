#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// Folded stacks, as flamegraph.pl, inferno and speedscope read them: one line per call path, the outermost
/// function first, then the cycles that the last one spent itself. Lines are in the order of the profile.
/// Sample:
///
///   main 96
///   main;net_run;net_layer_0_conv_2d 812311
///
/// Throws InputError when the profile has no calls.
std::string folded_export(const Profile& profile);

}  // namespace mcusim::profiler
