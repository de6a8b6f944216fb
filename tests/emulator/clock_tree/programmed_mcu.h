#pragma once

#include <map>
#include <memory>
#include <string>

#include "emulator/clock_tree/clock_tree.h"
#include "emulator/peripherals/register_file.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::clock_tree {

/// The registers of an MCU from reset on, and the clocks that follow from them.
class ProgrammedMcu {
 public:
  ProgrammedMcu(const std::string& name, Hertz oscillator)
      : mcu_(mcu_models::load_mcu(name)), tree_(mcu_, oscillator) {
    for (const mcu_models::PeripheralModel& peripheral : mcu_.peripherals) {
      registers_[peripheral.name] = std::make_unique<RegisterFile>(peripheral);
    }
  }

  std::uint32_t read(const std::string& peripheral, std::uint32_t offset) {
    return registers_.at(peripheral)->read(offset, 4);
  }
  void write(const std::string& peripheral, std::uint32_t offset, std::uint32_t value) {
    registers_.at(peripheral)->write(offset, 4, value);
  }
  /// By the name of a register of RCC.
  void write_rcc(const std::string& reg, std::uint32_t value) { write("RCC", offset(reg), value); }
  void set_rcc(const std::string& reg, std::uint32_t mask, std::uint32_t value) {
    write_rcc(reg, (read("RCC", offset(reg)) & ~mask) | value);
  }

  Clocks clocks() {
    return tree_.clocks([this](std::uint32_t offset) { return read("RCC", offset); });
  }
  const mcu_models::McuModel& mcu() const { return mcu_; }

 private:
  std::uint32_t offset(const std::string& reg) const {
    for (const mcu_models::RegisterModel& model : mcu_.find_peripheral("RCC")->registers) {
      if (model.name == reg) return model.offset;
    }
    throw std::out_of_range("RCC has no register " + reg);
  }

  mcu_models::McuModel mcu_;
  ClockTree tree_;
  std::map<std::string, std::unique_ptr<RegisterFile>> registers_;
};

}  // namespace mcusim::emulator::clock_tree
