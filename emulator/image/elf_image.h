#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "emulator/image/image.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// Reads a 32-bit ELF: little-endian for Arm, or big-endian for PowerPC with VLE code, as the architecture
/// wants. `file` names it in errors.
Image parse_elf(std::string file, std::vector<std::uint8_t> content,
                mcu_models::Architecture architecture = mcu_models::Architecture::v7em);

/// load_image() for an MCU of this architecture; load_image() itself is for Arm.
Image load_image_for(mcu_models::Architecture architecture, const std::filesystem::path& path,
                     const LoadOptions& options = {});

}  // namespace mcusim::emulator
