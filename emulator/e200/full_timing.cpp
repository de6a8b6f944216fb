#include "emulator/e200/full_timing.h"

#include <algorithm>

#include "emulator/e200/instruction_use.h"

namespace mcusim::emulator::e200 {

FullModel::FullModel(const mcu_models::McuModel& mcu, const mcu_models::PipelineE200Parameters& numbers,
                     Bus& bus, Core& core)
    : replay(mcu, numbers,
             PipelineE200::Environment{[&bus](Address address) { return bus.read(address, 4).value; },
                                       [&core] { return core.cache_control(); }}),
      parameters(numbers) {}

void FullModel::prepare(Operation& op, Core& core) {
  static constexpr Encoding kIllegal{"", "", Code::illegal_, "", InstructionClass::exception};
  const Encoding* encoding = core.encoding_of(op);
  op.facts = replay.enlist(op.pc, facts_of(op, encoding != nullptr ? *encoding : kIllegal, parameters),
                           op.instruction_class);
}

std::vector<InstructionCount> FullModel::counts() {
  std::vector<InstructionCount> counts;
  for (const auto& record : replay.records()) {
    const Cycles cycles = record.causes.sum();
    if (record.count != 0 || cycles != 0) counts.push_back({record.pc, record.count, cycles, record.causes});
  }
  std::ranges::sort(counts, {}, &InstructionCount::address);
  return counts;
}

}  // namespace mcusim::emulator::e200
