#include "emulator/cortex_m/cost_table.h"

#include <algorithm>

namespace mcusim::emulator::cortex_m {
namespace {

std::uint8_t clamp(unsigned cycles) { return static_cast<std::uint8_t>(std::min(cycles, 255u)); }

unsigned words_of(const Operation& op) {
  switch (op.instruction_class) {
    case InstructionClass::load_multiple:
    case InstructionClass::store_multiple:
      return op.m / 4u;
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

CostTable::CostTable(const mcu_models::CoreModel& core) : costs_(core) {
  for (std::size_t i = 0; i < taken_.size(); ++i)
    taken_[i] = clamp(costs_.taken(static_cast<InstructionClass>(i)));
}

unsigned CostTable::items(const Operation& op) { return words_of(op); }

unsigned CostTable::without_refill(const Operation& op) const {
  return std::max(1u, costs_.cycles(op.instruction_class, items(op)));
}

std::uint8_t CostTable::base(const Operation& op) const {
  return clamp(costs_.cycles(op.instruction_class, items(op)) +
               (always_taken(op) ? costs_.taken(op.instruction_class) : 0));
}

}  // namespace mcusim::emulator::cortex_m
