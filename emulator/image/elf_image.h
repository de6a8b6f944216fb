#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emulator/image/image.h"

namespace mcusim::emulator {

/// Reads a 32-bit little-endian ELF for Arm; `file` names it in errors.
Image parse_elf(std::string file, std::vector<std::uint8_t> content);

}  // namespace mcusim::emulator
