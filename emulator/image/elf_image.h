#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emulator/image/image.h"

namespace mcusim::emulator {

/// load_image() for an ELF file that is in memory already; `file` names it in errors.
Image parse_elf(std::string file, std::vector<std::uint8_t> content);

}  // namespace mcusim::emulator
