#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// callgrind.out for KCachegrind, QCachegrind and callgrind_annotate, by the format of Valgrind's manual
/// ("Callgrind Format Specification", version 1): costs by instruction and source line, code of inlined
/// functions under its own file (fi, fe), and calls. Sample:
///
///   # callgrind format
///   version: 1
///   creator: mcusim
///   cmd: net.elf
///   positions: instr line
///   events: cycles instructions issue load_use
///   summary: 170 60 120 50
///
///   ob=(1) net.elf
///   fl=(1) main.c
///   fn=(1) main
///   0x8000400 5 9 5 5 4
///   cfi=(2) f.c
///   cfn=(2) f
///   calls=2 0x8000440 9
///   0x8000402 6 70 40 50 20
///
/// A line of costs is address, line, then the events: cycles, instructions, each stall cause, misses of each
/// cache ("l1d_misses"). The line behind `calls` is the call instruction and what the calls cost with all
/// that was called: cycles and instructions exactly, the other events as PathEvents shares them out among the
/// paths of a function; of a recursive call only the outermost counts. Cycles that no executed instruction
/// accounts for, such as entering a handler, stand under "(no instruction)", so that the events add up to the
/// profile's. Throws InputError when the profile has neither functions nor instructions.
std::string callgrind_export(const Profile& profile);

}  // namespace mcusim::profiler
