#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::viewer {

/// A small network's profile with something in every field that a view shows: three layers, two inferences,
/// an interrupt handler, calls three deep, instructions of one function.
profiler::Profile sample_profile();

/// The same after its first layer was made faster and its second slower.
profiler::Profile changed_profile();

/// What a board printed of the same network, a little slower.
std::string sample_board_log();

}  // namespace mcusim::viewer
