#pragma once

#include "mcu_models/document.h"

namespace mcusim::mcu_models {

/// Checks and removes the `source` and `status` keys of a file before it is merged with others, so that a
/// part's source never stands beside a family's fact. Where `required`, the file itself and each of its
/// sections (memory, peripherals, costs ..) must have both. Throws InputError.
void take_sources(Node& document, bool required);

}  // namespace mcusim::mcu_models
