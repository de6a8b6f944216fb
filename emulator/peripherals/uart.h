#pragma once

#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/serial_receiver.h"
#include "emulator/peripherals/wiring.h"

namespace mcusim::emulator {

/// A UART as the machine connects it: registers, and an end that receives.
class Uart : public RegisterFile, public SerialReceiver {
 public:
  using RegisterFile::RegisterFile;
};

}  // namespace mcusim::emulator
