#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// Where and why a run ended that did not end well: a fault, or the limit of cycles or time. Sample:
///
///   net.elf: BusFault: write to 0x70000000, where nothing is, at 0x08000048 in store (fault.c:7)
///     CFSR 0x00008200: PRECISERR data access refused by the bus; BFARVALID BFAR holds the address
///     HFSR 0x40000000: FORCED HardFault taken instead
///     BFAR 0x70000000
///     stack: sp 0x2000ffd8 (MSP), limit 0x2000f000
///     call chain:
///       #0 0x08000060 HardFault_Handler (fault.c:20)
///       #1 0x08000048 store (fault.c:7), interrupted
///       #2 0x08000052 main (fault.c:14), guessed
///
/// The first line says all on one line. A frame's address is where it goes on; its line is that of the call.
/// Guessed frames come from code without call frame tables. Of the limit, only the innermost frames are
/// shown.
std::string fault_report(const Profile& profile);

}  // namespace mcusim::profiler
