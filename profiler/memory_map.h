#pragma once

#include "emulator/image/image.h"
#include "mcu_models/mcu_model.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// Fills the image's segments, the part's memories and what of them the image takes: the bytes that are
/// loaded there, and its objects. Bytes that belong to several symbols count once. The peaks add what stacks
/// and heap took at most, where the run followed calls.
void fill_regions(const mcu_models::McuModel& mcu, const emulator::Image& image, Profile& profile);

}  // namespace mcusim::profiler
