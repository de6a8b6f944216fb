#include "emulator/peripherals/register_file.h"

namespace mcusim::emulator {

RegisterFile::RegisterFile(const mcu_models::PeripheralModel& model) : rules_(model.rules) {
  for (const mcu_models::RegisterModel& reg : model.registers) store_.write(reg.offset, 4, reg.reset);
}

std::uint32_t RegisterFile::read(std::uint32_t offset, unsigned width) {
  return read_through_words(offset, width, [this](std::uint32_t aligned) { return read_word(aligned); });
}

void RegisterFile::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  store_.write(offset, width, value);
}

std::uint32_t RegisterFile::read_word(std::uint32_t offset) const {
  std::uint32_t value = store_.word(offset);
  for (const mcu_models::FollowRule& rule : rules_) {
    if (rule.target_offset != offset) continue;
    const std::uint32_t mask = rule.width >= 32 ? ~0u : (1u << rule.width) - 1;
    const std::uint32_t bits =
        rule.source_offset ? store_.word(*rule.source_offset) >> rule.source_shift : rule.constant;
    value = (value & ~(mask << rule.target_shift)) | (bits & mask) << rule.target_shift;
  }
  return value;
}

}  // namespace mcusim::emulator
