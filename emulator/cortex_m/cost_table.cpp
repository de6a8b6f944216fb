#include "emulator/cortex_m/cost_table.h"

#include <algorithm>
#include <bit>

#include "common/error.h"

namespace mcusim::emulator::cortex_m {
namespace {

std::uint8_t clamp(unsigned cycles) { return static_cast<std::uint8_t>(std::min(cycles, 255u)); }

unsigned items_of(const Operation& op) {
  switch (op.instruction_class) {
    case InstructionClass::load_multiple:
    case InstructionClass::store_multiple:
      return static_cast<unsigned>(std::popcount(op.imm));
    case InstructionClass::fp_load_multiple:
    case InstructionClass::fp_store_multiple:
      return static_cast<unsigned>(op.delta);
    default:
      return 0;
  }
}

bool always_taken(const Operation& op) {
  switch (op.instruction_class) {
    case InstructionClass::branch:
    case InstructionClass::branch_link:
    case InstructionClass::branch_register:
    case InstructionClass::branch_table:
    case InstructionClass::load_pc:
      return true;
    case InstructionClass::load_multiple:
      return (op.imm >> 15 & 1) != 0;
    default:
      return false;
  }
}

}  // namespace

CostTable::CostTable(const mcu_models::CoreModel& core) {
  for (const auto& [name, cost] : core.costs) {
    const auto instruction_class = instruction_class_named(name);
    if (!instruction_class) {
      throw InputError(core.name + ": no instruction class is named '" + name +
                       "'; see emulator/timing/instruction_class.h");
    }
    costs_[static_cast<std::size_t>(*instruction_class)] = cost;
    taken_[static_cast<std::size_t>(*instruction_class)] = clamp(cost.taken);
  }
}

unsigned CostTable::without_refill(const Operation& op) const {
  const mcu_models::InstructionCost& cost = costs_[static_cast<std::size_t>(op.instruction_class)];
  return std::max(1u, cost.base + (cost.per_item == 0 ? 0 : cost.per_item * items_of(op)));
}

std::uint8_t CostTable::base(const Operation& op) const {
  const mcu_models::InstructionCost& cost = costs_[static_cast<std::size_t>(op.instruction_class)];
  return clamp(cost.base + cost.per_item * items_of(op) + (always_taken(op) ? cost.taken : 0));
}

}  // namespace mcusim::emulator::cortex_m
