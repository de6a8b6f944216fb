#pragma once

#include "emulator/machine.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// The value with which start-up code paints the stack before main.
inline constexpr std::uint32_t kStackPaint = 0xC5C5C5C5;

/// Peak and size of the main stack from the paint that is left between the symbols __stack_limit and
/// __stack_top. Leaves both empty when the image has no such symbols or the stack was not painted.
void measure_stack(const emulator::Machine& machine, const emulator::Image& image, MemoryUse& memory);

}  // namespace mcusim::profiler
