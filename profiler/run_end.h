#pragma once

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// Fills where and how the run ended, from the registers that it left; Profile::stop is known.
void describe_end(emulator::Machine& machine, const emulator::Image& image, Profile& profile);

}  // namespace mcusim::profiler
