#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// JSON for https://www.speedscope.app, by its schema file-format-schema.json: one sampled profile with a
/// stack per call path, weighted by the cycles that its last function spent itself. "Left Heavy" is the flame
/// graph; "Time Order" has no meaning here, since paths are sums over the run. Sample:
///
///   {"$schema":"https://www.speedscope.app/file-format-schema.json","exporter":"mcusim",
///    "name":"net on stm32h743","activeProfileIndex":0,
///    "shared":{"frames":[{"name":"main","file":"main.c","line":5}]},
///    "profiles":[{"type":"sampled","name":"cycles","unit":"none","startValue":0,"endValue":96,
///                 "samples":[[0]],"weights":[96]}]}
///
/// Throws InputError when the profile has no calls.
std::string speedscope_export(const Profile& profile);

}  // namespace mcusim::profiler
