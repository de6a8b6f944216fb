#pragma once

#include <vector>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// The functions that spent anything or were called, by self cycles, the most first; equal ones by address.
std::vector<const FunctionProfile*> functions_by_self_cycles(const Profile& profile);

}  // namespace mcusim::profiler
