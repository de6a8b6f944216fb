#pragma once

namespace mcusim::emulator {

/// The interrupt inputs of a core, as devices see them. Lines are levels: a device holds its line until
/// software has removed the cause; the controller latches a rising edge, so that a pulse counts too.
class InterruptLines {
 public:
  virtual ~InterruptLines() = default;
  /// `irq` counts external interrupts from 0, as vendors number them. Numbers the core lacks are ignored.
  virtual void set(unsigned irq, bool level) = 0;
};

}  // namespace mcusim::emulator
