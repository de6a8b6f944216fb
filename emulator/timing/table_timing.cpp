#include "emulator/timing/table_timing.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/error.h"

namespace mcusim::emulator {

TableTiming::TableTiming(const mcu_models::CoreModel& core) {
  for (const auto& [name, cost] : core.costs) {
    const std::optional<InstructionClass> known = instruction_class_named(name);
    if (!known) {
      throw InputError(
          fmt::format("{}: its cost table names the unknown instruction class '{}'; see "
                      "docs/mcu-models.md for the classes",
                      core.name, name));
    }
    costs_[static_cast<std::size_t>(*known)] = cost;
  }
}

TableTiming::Cost TableTiming::cost(const Classification& instruction) const {
  const mcu_models::InstructionCost& row = costs_[static_cast<std::size_t>(instruction.instruction_class)];
  Cost cost{row.base + row.per_item * instruction.items, instruction.writes_pc ? row.taken : 0};
  // Time must pass in every loop, or a cycle limit would never end it.
  if (instruction.writes_pc && cost.cycles + cost.taken == 0) cost.cycles = 1;
  return cost;
}

}  // namespace mcusim::emulator
