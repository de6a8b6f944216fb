#include "emulator/peripherals/external_interrupts.h"

#include <map>

#include "emulator/peripherals/register_names.h"

namespace mcusim::emulator {

ExternalInterrupts::ExternalInterrupts(const mcu_models::PeripheralModel& model, const Wiring& wiring)
    : RegisterFile(model),
      interrupts_(wiring.interrupts),
      numbers_(model.interrupts),
      mask_(offset_of(model, {"IMR1", "CPUIMR1", "IMR"})),
      trigger_(offset_of(model, {"SWIER1", "SWIER"})),
      // Newer parts tell rising from falling edges; a software trigger counts as rising.
      pending_(offset_of(model, {"PR1", "CPUPR1", "PR", "RPR1"})),
      pending_falling_(offset_of(model, {"FPR1"})) {}

void ExternalInterrupts::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  write_through_words(offset, width, value,
                      [this](std::uint32_t aligned, std::uint32_t bits, std::uint32_t mask) {
                        write_word(aligned, bits, mask);
                      });
  update();
}

void ExternalInterrupts::write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
  const std::uint32_t old = store_.word(offset);
  if (offset == pending_ || offset == pending_falling_) {
    store_.set_word(offset, old & ~value);
    // Clearing the pending bit clears the trigger too (RM0090 12.3.5).
    if (trigger_) store_.set_word(*trigger_, store_.word(*trigger_) & ~value);
    return;
  }
  store_.set_word(offset, (old & ~mask) | value);
  if (offset == trigger_ && pending_ && mask_) {
    const std::uint32_t raised = value & ~old & store_.word(*mask_);
    store_.set_word(*pending_, store_.word(*pending_) | raised);
  }
}

// Several lines may share one interrupt.
void ExternalInterrupts::update() {
  if (interrupts_ == nullptr || !pending_ || !mask_) return;
  const std::uint32_t waiting = store_.word(*pending_) & store_.word(*mask_);
  std::map<int, bool> levels;
  for (std::size_t line = 0; line < numbers_.size() && line < 32; ++line) {
    if (numbers_[line] >= 0) levels[numbers_[line]] |= (waiting >> line & 1) != 0;
  }
  for (const auto& [number, level] : levels) interrupts_->set(static_cast<unsigned>(number), level);
}

}  // namespace mcusim::emulator
