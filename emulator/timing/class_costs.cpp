#include "emulator/timing/class_costs.h"

#include <fmt/format.h>

#include <optional>

#include "common/error.h"

namespace mcusim::emulator {
namespace {

// Whether every loop has to pass through an instruction of this class or another one of them.
bool closes_loops(InstructionClass instruction_class) {
  switch (instruction_class) {
    case InstructionClass::branch:
    case InstructionClass::branch_conditional:
    case InstructionClass::branch_compare:
    case InstructionClass::branch_link:
    case InstructionClass::branch_register:
    case InstructionClass::branch_table:
    case InstructionClass::load_pc:
    case InstructionClass::load_multiple:
      return true;
    default:
      return false;
  }
}

}  // namespace

ClassCosts::ClassCosts(const mcu_models::CoreModel& core) {
  for (const auto& [name, cost] : core.costs) {
    const std::optional<InstructionClass> known = instruction_class_named(name);
    if (!known) {
      throw InputError(
          fmt::format("{}: its cost table names the unknown instruction class '{}'; see "
                      "docs/mcu-models.md for the classes",
                      core.name, name));
    }
    mcu_models::InstructionCost& row = costs_[static_cast<std::size_t>(*known)];
    row = cost;
    // Time must pass in every loop, or a cycle limit would never end it.
    if (closes_loops(*known) && row.base + row.per_item + row.taken == 0) row.base = 1;
  }
}

}  // namespace mcusim::emulator
