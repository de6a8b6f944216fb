#pragma once

#include <array>

#include "emulator/timing/instruction_class.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// CoreModel::costs by instruction class; classes that it does not name cost one cycle.
class ClassCosts {
 public:
  ClassCosts() = default;
  /// Throws InputError when `core` names a class that does not exist.
  explicit ClassCosts(const mcu_models::CoreModel& core);

  /// Without what a branch costs when it is taken. `items`: registers or words of a load or store multiple.
  unsigned cycles(InstructionClass instruction_class, unsigned items) const {
    const mcu_models::InstructionCost& cost = costs_[static_cast<std::size_t>(instruction_class)];
    return cost.base + cost.per_item * items;
  }
  /// On top when the instruction writes the program counter.
  unsigned taken(InstructionClass instruction_class) const {
    return costs_[static_cast<std::size_t>(instruction_class)].taken;
  }

 private:
  std::array<mcu_models::InstructionCost, kInstructionClassCount> costs_{};
};

}  // namespace mcusim::emulator
