#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "codegen/emit/emit.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::codegen {

struct BuildOptions {
  /// Raw bytes of the sample inputs that the firmware runs: [sample][input]. Empty: samples of a fixed
  /// pseudo-random sequence over the input's range.
  std::vector<std::vector<std::vector<std::uint8_t>>> samples;
};

/// Everything that the firmware is compiled from: the network's sources, start-up code, linker script,
/// console driver and main program.
std::vector<SourceFile> firmware_sources(const EmittedNetwork& network, const mcu_models::McuModel& mcu,
                                         const mcu_models::BoardModel& board, const BuildOptions& options);

/// Compiles them with arm-none-eabi-gcc and adds the network note. Throws InputError when the compiler is
/// missing or when the network does not fit (what it needs, what there is); `elf` is written only when done.
void build_elf(const EmittedNetwork& network, const mcu_models::McuModel& mcu,
               const mcu_models::BoardModel& board, const BuildOptions& options,
               const std::filesystem::path& elf);

}  // namespace mcusim::codegen
