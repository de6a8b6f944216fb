#pragma once

#include "emulator/semihosting/semihosting.h"

namespace mcusim::cli {

/// Completes `options` with standard error, and with standard input unless somebody else reads it.
emulator::semihosting::Options semihosting_console(emulator::semihosting::Options options,
                                                   bool standard_input_taken);

}  // namespace mcusim::cli
