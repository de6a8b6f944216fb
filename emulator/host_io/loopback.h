#pragma once

#include <cstdint>

#include "emulator/host_io/descriptor.h"

namespace mcusim::emulator::host_io {

/// Makes `listener` a socket that listens on the loopback address and nowhere else. `port` 0 takes a free
/// one, whose number it becomes. `flags` as for socket(2). False, with errno set, when that fails.
bool listen_on_loopback(Descriptor& listener, std::uint16_t& port, int flags);

}  // namespace mcusim::emulator::host_io
