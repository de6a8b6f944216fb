#include "emulator/peripherals/external_interrupts.h"

#include <map>

#include "emulator/peripherals/bus_master.h"
#include "emulator/peripherals/pin_levels.h"
#include "emulator/peripherals/register_names.h"

namespace mcusim::emulator {

ExternalInterrupts::ExternalInterrupts(const mcu_models::PeripheralModel& model, const Wiring& wiring)
    : RegisterFile(model), wiring_(wiring), numbers_(model.interrupts), selection_(model.pins) {
  // Newer parts tell rising from falling edges; a software trigger counts as rising.
  banks_[0] = {offset_of(model, {"IMR1", "CPUIMR1", "IMR"}),
               offset_of(model, {"SWIER1", "SWIER"}),
               offset_of(model, {"RTSR1", "RTSR"}),
               offset_of(model, {"FTSR1", "FTSR"}),
               offset_of(model, {"PR1", "CPUPR1", "PR", "RPR1"}),
               offset_of(model, {"FPR1"})};
  banks_[1] = {offset_of(model, {"IMR2", "CPUIMR2"}),
               offset_of(model, {"SWIER2"}),
               offset_of(model, {"RTSR2"}),
               offset_of(model, {"FTSR2"}),
               offset_of(model, {"PR2", "CPUPR2", "RPR2"}),
               offset_of(model, {"FPR2"})};
  banks_[2] = {offset_of(model, {"CPUIMR3"}), offset_of(model, {"SWIER3"}), offset_of(model, {"RTSR3"}),
               offset_of(model, {"FTSR3"}),   offset_of(model, {"CPUPR3"}), {}};
  if (wiring_.pins != nullptr && selection_) {
    wiring_.pins->listen(
        [this](char port, std::uint16_t risen, std::uint16_t fallen) { pins_changed(port, risen, fallen); });
  }
}

void ExternalInterrupts::reset() {
  RegisterFile::reset();
  update();
}

std::uint32_t ExternalInterrupts::word(const std::optional<std::uint32_t>& offset) const {
  return offset ? store_.word(*offset) : 0;
}

char ExternalInterrupts::port_of(unsigned line) const {
  const std::uint32_t word = wiring_.memory->read(selection_->address + line / 4 * 4, 4).value;
  return static_cast<char>('A' + (word >> (line % 4 * selection_->width) & 0xf));
}

void ExternalInterrupts::pins_changed(char port, std::uint16_t risen, std::uint16_t fallen) {
  const Bank& bank = banks_[0];
  const std::uint32_t rising = risen & word(bank.rising), falling = fallen & word(bank.falling);
  if ((rising | falling) == 0) return;
  for (unsigned line = 0; line < kPins; ++line) {
    const std::uint32_t bit = 1u << line;
    if (((rising | falling) & bit) == 0 || port_of(line) != port) continue;
    raise(bank.pending, rising & bit);
    raise(bank.pending_falling ? bank.pending_falling : bank.pending, falling & bit);
  }
  update();
}

void ExternalInterrupts::raise(const std::optional<std::uint32_t>& offset, std::uint32_t lines) {
  if (offset && lines != 0) store_.set_word(*offset, store_.word(*offset) | lines);
}

void ExternalInterrupts::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  write_through_words(offset, width, value,
                      [this](std::uint32_t aligned, std::uint32_t bits, std::uint32_t mask) {
                        write_word(aligned, bits, mask);
                      });
  update();
}

void ExternalInterrupts::write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
  const std::uint32_t old = store_.word(offset);
  for (const Bank& bank : banks_) {
    if (offset == bank.pending || offset == bank.pending_falling) {
      store_.set_word(offset, old & ~value);
      // Clearing the pending bit clears the trigger too (RM0090 12.3.5).
      if (bank.software) store_.set_word(*bank.software, store_.word(*bank.software) & ~value);
      return;
    }
    if (offset == bank.software) raise(bank.pending, value & ~old & word(bank.mask));
  }
  store_.set_word(offset, (old & ~mask) | value);
}

void ExternalInterrupts::update() {
  if (wiring_.interrupts == nullptr) return;
  std::map<int, bool> levels;
  for (std::size_t line = 0; line < numbers_.size() && line / 32 < banks_.size(); ++line) {
    const Bank& bank = banks_[line / 32];
    const std::uint32_t waiting = (word(bank.pending) | word(bank.pending_falling)) & word(bank.mask);
    if (numbers_[line] >= 0) levels[numbers_[line]] |= (waiting >> (line % 32) & 1) != 0;
  }
  for (const auto& [number, level] : levels) wiring_.interrupts->set(static_cast<unsigned>(number), level);
}

}  // namespace mcusim::emulator
