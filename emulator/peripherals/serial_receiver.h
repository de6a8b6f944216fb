#pragma once

#include <cstdint>

#include "common/units.h"

namespace mcusim::emulator {

/// The receiving side of a UART device.
class SerialReceiver {
 public:
  virtual ~SerialReceiver() = default;
  /// The firmware has switched the receiver on.
  virtual bool receiving() const = 0;
  /// The byte before has been read.
  virtual bool empty() const = 0;
  virtual void receive(std::uint8_t byte) = 0;
  /// The line has been silent for a frame after the last byte.
  virtual void line_idle() = 0;
  /// Core cycles of one frame at the baud rate that the firmware set; 0 while it set none or the UART's clock
  /// is stopped.
  virtual Cycles frame_cycles() const = 0;
};

}  // namespace mcusim::emulator
