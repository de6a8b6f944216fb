#pragma once

#include <functional>
#include <string>
#include <vector>

#include "emulator/image/image.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The state of a machine in which hazards() looks for what its firmware set up badly.
struct HazardView {
  const mcu_models::McuModel& mcu;
  const Image& image;
  Address code = 0;       ///< An instruction of the work that the firmware does now.
  Hertz flash_clock = 0;  ///< Of the bus that the flash is on.
  std::function<std::uint32_t(Address)> read_register;
};

/// What a run shows and a board hides, one line each: fewer wait states than the manual asks for at the clock
/// (a board may still run, or read wrong instructions on a hot day), caches left off, code in slow memory
/// while tightly coupled memory has room for it.
std::vector<std::string> hazards(const HazardView& view);

}  // namespace mcusim::emulator
