#include "emulator/e200/full_timing.h"

#include "emulator/e200/instruction_use.h"

namespace mcusim::emulator::e200 {

FullModel::FullModel(const mcu_models::McuModel& mcu, const mcu_models::PipelineE200Parameters& numbers,
                     Bus& bus, Core& core)
    : pipeline(mcu, numbers,
               {[&bus](Address address) { return bus.read(address, 4).value; },
                [&core] { return core.cache_control(); }}),
      parameters(numbers) {}

void FullModel::prepare(Operation& op, Core& core) {
  static constexpr Encoding kIllegal{"", "", Code::illegal_, "", InstructionClass::exception};
  const Encoding* encoding = core.encoding_of(op);
  const PipelineE200::Facts own = facts_of(op, encoding != nullptr ? *encoding : kIllegal, parameters);
  const auto [entry, is_new] =
      numbers_.try_emplace(std::bit_cast<Key>(own), static_cast<std::uint32_t>(facts.size()));
  if (is_new) facts.push_back(own);
  op.facts = entry->second;
  op.cycles = op.total_cycles();
  op.cost = 0;
}

}  // namespace mcusim::emulator::e200
