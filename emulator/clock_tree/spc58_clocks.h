#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/units.h"
#include "emulator/bus/bus.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::clock_tree {

/// The core clock of SPC58 parts. Three blocks decide on it: MC_ME which source the mode that was entered
/// takes, PLLDIG what the PLLs make of their references, MC_CGM references and the core's divider. Sources
/// run and PLLs lock at once. The factors are those that ST's clock component for SPC58ECxx programs: 160 MHz
/// from PLL0 and 180 MHz from PLL1 of a crystal of 40 MHz; fractions and modulation of PLL1 are not looked
/// at.
class Spc58Clocks {
 public:
  /// `oscillator`: of the board. `changed` hears of the core clock, from the reset values on.
  Spc58Clocks(Hertz oscillator, std::function<void(Hertz core)> changed);
  ~Spc58Clocks();

  /// Of one of the three blocks; null for any other. It must not be used after this object's end.
  std::unique_ptr<Device> make(const mcu_models::PeripheralModel& block);

 private:
  class Block;
  class ModeEntry;

  void registers_changed();
  Hertz core() const;
  Hertz source(unsigned number) const;
  Hertz reference(std::uint32_t selection_register) const;

  const Hertz oscillator_;
  const std::function<void(Hertz)> changed_;
  Block* modes_ = nullptr;       ///< MC_ME
  Block* generation_ = nullptr;  ///< MC_CGM
  Block* plls_ = nullptr;        ///< PLLDIG
  Hertz told_ = 0;
};

}  // namespace mcusim::emulator::clock_tree
