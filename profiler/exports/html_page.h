#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// One page for a browser, complete in one file: it loads nothing, and its content policy forbids it to.
/// Summary, layer table, stall bars, functions, flame graph, timeline, memory map, source lines and
/// instructions coloured by their cycles; light or dark as the reader's system is, from a phone's width
/// upwards. Sample of what stands in it:
///
///   <script id="profile" type="application/json">{"title":"net","mcu":"stm32h743",...}</script>
///
/// The profile stands there once, as JSON in which no text can end the element; page.js shows it. Long
/// timelines are shortened to their longest slices. Sections of which the profile knows nothing are left out.
std::string html_export(const Profile& profile);

}  // namespace mcusim::profiler
