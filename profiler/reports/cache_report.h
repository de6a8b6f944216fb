#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// What the caches did, for the text report. Sample:
///
///   cache     accesses  misses    %  compulsory  capacity  conflict  write-backs
///   l1i         40,211     110  0.3         110         0         0            0
///   l1d      1,201,456  31,002  2.6       2,101    27,900     1,001          612
///   l1d misses   weights_3 20,100; arena 9,212; (stack) 3
///   l1d conflict arena lost its line to weights_3: 800 misses in 12 sets
///
/// Misses by class where they are known: of lines that were never in the cache, those that a fully
/// associative cache of this size with LRU would have too, and the rest. Empty without caches.
std::string cache_report(const Profile& profile);

/// The same table for Markdown.
std::string cache_markdown(const Profile& profile);

}  // namespace mcusim::profiler
