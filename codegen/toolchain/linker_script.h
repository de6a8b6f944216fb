#pragma once

#include <string>

#include "codegen/toolchain/placement.h"

namespace mcusim::codegen {

/// The GNU ld script of the firmware: vector table or boot header first in flash; stack at the lower end of
/// its memory, so that an overflow leaves the memory and faults instead of overwriting data; then .data,
/// .bss, the arena.
std::string linker_script(const Placement& placement, mcu_models::Architecture architecture);

}  // namespace mcusim::codegen
