#pragma once

#include <map>

#include "emulator/interrupt_lines.h"

namespace mcusim::emulator {

/// The lines as a device last set them.
class InterruptRecorder : public InterruptLines {
 public:
  void set(unsigned irq, bool level) override { levels[irq] = level; }
  std::map<unsigned, bool> levels;
};

}  // namespace mcusim::emulator
