#pragma once

#include "emulator/timing/class_costs.h"
#include "emulator/timing/classifier.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The first timing model, `timing: table`: every instruction costs what the core's table says of its class,
/// whatever stands around it and whatever memory answers. No pairing, no caches, no wait states.
class TableTiming {
 public:
  struct Cost {
    unsigned cycles = 1;  ///< base + per_item * items
    unsigned taken = 0;   ///< On top when the instruction writes the program counter.
  };

  /// Classes that the core's table does not name cost one cycle. Throws InputError when the table names a
  /// class that does not exist.
  explicit TableTiming(const mcu_models::CoreModel& core) : costs_(core) {}

  Cost cost(const Classification& instruction) const;

  /// An instruction that its IT block suppresses still takes an issue slot (assumed the same on all cores).
  static constexpr unsigned kSkippedCycles = 1;

 private:
  ClassCosts costs_;
};

}  // namespace mcusim::emulator
