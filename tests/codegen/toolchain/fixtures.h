#pragma once

#include "codegen/emit/emit.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::codegen {

/// A network written by hand: int8 [4] -> "double" (2 x, saturated) -> "negate" (-x) -> int8 [4], in an arena
/// of 16 bytes. Its code follows the contract of the emitted networks.
EmittedNetwork tiny_network();

/// The same with an arena of `arena_bytes` and weights of `weights_bytes`.
EmittedNetwork network_of_size(std::size_t arena_bytes, std::size_t weights_bytes);

/// An MCU with the memories of an STM32H743 and no more than the toolchain looks at.
mcu_models::McuModel hand_made_mcu();
mcu_models::BoardModel hand_made_board();

}  // namespace mcusim::codegen
