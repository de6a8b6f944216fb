#pragma once

#include <functional>
#include <string>

#include "emulator/peripherals/register_file.h"

namespace mcusim::emulator {

/// SYSCFG with the selection of the memory that shows at address 0 (RM0090 9.2.1, RM0351 9.2.1,
/// RM0444 8.1.1): PeripheralModel::remap. It takes effect with the next instruction.
class MemoryRemapper : public RegisterFile {
 public:
  /// Name of the memory to show; no memory's for one that is not modelled.
  using Listener = std::function<void(const std::string& memory)>;

  MemoryRemapper(const mcu_models::PeripheralModel& model, Listener listener)
      : RegisterFile(model), model_(*model.remap), listener_(std::move(listener)), selected_(selection()) {}

  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override {
    RegisterFile::write(offset, width, value);
    apply();
  }
  void reset() override {
    RegisterFile::reset();
    apply();
  }

 private:
  std::uint32_t selection() const {
    return store_.word(model_.offset) >> model_.shift & ((1u << model_.width) - 1);
  }
  void apply() {
    const std::uint32_t wanted = selection();
    if (wanted == selected_) return;
    selected_ = wanted;
    listener_(wanted < model_.memories.size() ? model_.memories[wanted] : "");
  }

  mcu_models::MemoryRemap model_;
  Listener listener_;
  std::uint32_t selected_;
};

}  // namespace mcusim::emulator
