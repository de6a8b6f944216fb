#pragma once

#include <cstdint>
#include <string>

#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::host_io {

/// --uart NAME=stdio|pty|tcp:PORT|file:PATH
struct UartOption {
  enum class Kind : std::uint8_t {
    stdio,  ///< Standard input and output. A terminal keeps its line mode; use pty for single keys.
    pty,    ///< A new pseudo-terminal.
    tcp,    ///< One client at a time on 127.0.0.1.
    file,   ///< Output only.
  };
  std::string uart;  ///< "USART3"
  Kind kind = Kind::stdio;
  std::uint16_t port = 0;  ///< Of tcp; 0: any that is free.
  std::string path;        ///< Of file.
};

/// Throws InputError of one line when the text is none of these forms or `mcu` has no such UART.
UartOption parse_uart_option(const std::string& text, const mcu_models::McuModel& mcu);

}  // namespace mcusim::emulator::host_io
