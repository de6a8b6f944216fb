#include "emulator/timing/table_timing.h"

namespace mcusim::emulator {

TableTiming::Cost TableTiming::cost(const Classification& instruction) const {
  const InstructionClass of = instruction.instruction_class;
  return {costs_.cycles(of, instruction.items), instruction.writes_pc ? costs_.taken(of) : 0};
}

}  // namespace mcusim::emulator
