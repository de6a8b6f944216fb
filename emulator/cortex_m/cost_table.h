#pragma once

#include <array>

#include "emulator/cortex_m/operation.h"
#include "emulator/timing/class_costs.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::cortex_m {

/// What ClassCosts says of decoded operations, in the width that they keep it: 255 cycles at the most.
class CostTable {
 public:
  CostTable() = default;
  /// Throws InputError when `core` names a class that does not exist.
  explicit CostTable(const mcu_models::CoreModel& core);

  /// Cycles of every execution. Conditional branches that are taken cost taken() more.
  std::uint8_t base(const Operation& operation) const;
  /// The same for a pipeline model, which knows itself what a branch costs beyond this.
  unsigned without_refill(const Operation& operation) const;
  /// Words that a load or store multiple transfers, else 0.
  static unsigned items(const Operation& operation);
  std::uint8_t taken(InstructionClass instruction_class) const {
    return taken_[static_cast<std::size_t>(instruction_class)];
  }

 private:
  ClassCosts costs_;
  std::array<std::uint8_t, kInstructionClassCount> taken_{};
};

}  // namespace mcusim::emulator::cortex_m
