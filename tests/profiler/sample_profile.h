#pragma once

#include "profiler/profile.h"

namespace mcusim::profiler {

/// A network of two layers on an STM32H743, small enough to be checked by hand: `main` calls a layer with an
/// inlined helper and a recursive one, and SysTick interrupts the first. Every sum holds: instructions and
/// the 12 cycles of entering SysTick make functions, call paths and the inference of 101 cycles.
/// golden/sample.mcuprof is this profile as a file.
Profile sample_profile();

/// The file beside the tests, in golden/.
std::string golden(const std::string& name);

}  // namespace mcusim::profiler
