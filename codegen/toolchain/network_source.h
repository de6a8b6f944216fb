#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/network_note.h"

namespace mcusim::codegen {

/// "network_size.h": how many layers, outputs and samples, and the widths of the printed columns.
std::string network_size_header(const NetworkNote& note, std::size_t samples);

/// "network.c": names and sizes of the layers and outputs, and the sample inputs [sample][input][byte], given
/// little-endian.
/// Throws InputError when a symbol of the note is not a C identifier.
std::string network_source(const NetworkNote& note,
                           const std::vector<std::vector<std::vector<std::uint8_t>>>& samples,
                           bool big_endian);

}  // namespace mcusim::codegen
