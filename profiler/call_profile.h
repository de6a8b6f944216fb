#pragma once

#include <vector>

#include "emulator/image/image.h"
#include "profiler/call_tracker.h"
#include "profiler/function_table.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

FunctionProfile describe(const FunctionTable::Function& function, const emulator::Image& image);

/// Fills Profile::functions and Profile::call_paths from what a CallTracker counted: paths that nothing was
/// counted on are left out. Answers the number in Profile::functions of each function of the table that is
/// there, CallPath::kRoot for the others.
std::vector<std::uint32_t> fill_calls(const std::vector<CallNode>& nodes, const FunctionTable& table,
                                      const emulator::Image& image, Profile& profile);

}  // namespace mcusim::profiler
