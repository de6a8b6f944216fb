#pragma once

#include <string>

#include "mcu_models/mcu_model.h"

namespace mcusim::codegen {

/// "board.h": constants of MCU and board that the fixed target sources need. Throws InputError when the
/// console's peripheral is not a UART of the MCU or its baud rate cannot be reached, and when the core has
/// no cycle counter and the MCU no TIM2 to replace it.
std::string board_header(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board);

/// "board.c": the start-up steps, one line each; for VLE also which watchdogs run from reset on.
std::string board_source(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board);

/// Name of the console driver among the target sources, as "console_usart_v2.c".
std::string console_driver(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board);

}  // namespace mcusim::codegen
