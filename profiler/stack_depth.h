#pragma once

#include <optional>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/instruction_count.h"
#include "profiler/call_tracker.h"
#include "profiler/function_table.h"

namespace mcusim::profiler {

/// By function of the table: bytes between the stack pointer at its entry and the lowest at an instruction
/// that it executed, by the compiler's call frame table; empty where that does not tell.
std::vector<std::optional<Bytes>> own_frames(const std::vector<emulator::InstructionCount>& executed,
                                             const emulator::Image& image, FunctionTable& functions);

/// By function: bytes below its entry that it and what it called used; empty when nothing shows it. From the
/// depths at which calls were made, and the `own` frames of the innermost functions. Where one path has
/// called from different depths, the deepest is joined with the deepest below.
std::vector<std::optional<Bytes>> stack_depths(const std::vector<CallNode>& nodes,
                                               const std::vector<std::optional<Bytes>>& own);

}  // namespace mcusim::profiler
