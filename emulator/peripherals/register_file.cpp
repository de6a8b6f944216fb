#include "emulator/peripherals/register_file.h"

namespace mcusim::emulator {

RegisterFile::RegisterFile(const mcu_models::PeripheralModel& model)
    : registers_(model.registers), rules_(model.rules), cause_(model.reset_cause) {
  for (const mcu_models::RegisterModel& reg : registers_) store_.write(reg.offset, 4, reg.reset);
}

void RegisterFile::reset() {
  RegisterStore fresh;
  for (const mcu_models::RegisterModel& reg : registers_) {
    fresh.set_word(reg.offset, reg.kept ? store_.word(reg.offset) : reg.reset);
  }
  if (cause_) {
    const std::uint32_t flags = (store_.word(cause_->offset) & cause_->flags) | cause_->software;
    fresh.set_word(cause_->offset, (fresh.word(cause_->offset) & ~cause_->flags) | flags);
  }
  store_ = std::move(fresh);
}

std::uint32_t RegisterFile::read(std::uint32_t offset, unsigned width) {
  return read_through_words(offset, width, [this](std::uint32_t aligned) { return read_word(aligned); });
}

void RegisterFile::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  if (cause_ && (offset & ~3u) == cause_->offset) {
    const std::uint32_t flags = store_.word(cause_->offset) & cause_->flags;
    store_.write(offset, width, value);
    const std::uint32_t written = store_.word(cause_->offset) & ~cause_->flags;
    const bool remove = (written & cause_->remove) != 0;
    store_.set_word(cause_->offset, (written & ~cause_->remove) | (remove ? 0 : flags));
    return;
  }
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
