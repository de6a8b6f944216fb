#pragma once

#include <cstdint>

namespace mcusim {

using Address = std::uint32_t;  ///< A byte address of the emulated machine.
using Cycles = std::uint64_t;   ///< Cycles of the core clock.
using Hertz = std::uint64_t;
using Bytes = std::uint64_t;

}  // namespace mcusim
