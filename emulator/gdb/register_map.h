#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emulator/engine.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::gdb {

/// One register as GDB sees it.
struct RegisterEntry {
  enum class Kind : std::uint8_t {
    core,
    xpsr,
    msp,
    psp,
    primask,
    basepri,
    faultmask,
    control,
    fp_double,
    fpscr,
    power_general,
    power_cr,
    power_xer,
    power_ctr,
    power_msr,
    power_spefscr
  };
  std::string name;
  Kind kind = Kind::core;
  unsigned index = 0;  ///< Of core, fp_double and power_general.
  unsigned bytes() const { return kind == Kind::fp_double ? 8 : 4; }
};

/// The registers of one core, numbered as its target description lists them. The features and names are
/// those of GDB's manual, appendix G.5 (ARM and PowerPC features).
class RegisterMap {
 public:
  explicit RegisterMap(const mcu_models::McuModel& mcu);

  const std::vector<RegisterEntry>& entries() const { return entries_; }
  /// XML for qXfer:features.
  const std::string& description() const { return description_; }

 private:
  void describe_arm(const mcu_models::McuModel& mcu);
  void describe_power();
  void add(const std::string& name, RegisterEntry::Kind kind, unsigned index = 0, const char* type = "");

  std::vector<RegisterEntry> entries_;
  std::string description_;
};

std::uint64_t read_register(const Registers& registers, const RegisterEntry& entry);
/// Keeps SP equal to the stack pointer that is in use.
void write_register(Registers& registers, const RegisterEntry& entry, std::uint64_t value);

}  // namespace mcusim::emulator::gdb
