#pragma once

#include <cstdint>
#include <vector>

#include "codegen/toolchain/toolchain.h"
#include "common/network_note.h"
#include "common/units.h"

namespace mcusim::codegen {

/// Bytes of an input or output.
Bytes byte_size(const NoteTensor& tensor);

/// One value of each input: [input][byte]. A fixed pseudo-random sequence; integers of 8 and 16 bits over
/// their whole range, float32 in [-1, 1), wider integers and booleans 0 or 1 (they may be indices).
std::vector<std::vector<std::uint8_t>> default_sample(const NetworkNote& note);

/// The samples the firmware carries: those of the options, or one default sample. Throws InputError when a
/// sample's number of inputs or an input's size is not the network's.
std::vector<std::vector<std::vector<std::uint8_t>>> samples_of(const NetworkNote& note,
                                                               const BuildOptions& options);

}  // namespace mcusim::codegen
