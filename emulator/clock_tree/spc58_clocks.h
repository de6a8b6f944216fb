#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "common/units.h"
#include "emulator/bus/bus.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::clock_tree {

/// The clocks of SPC58 parts. Three blocks decide on them: MC_ME which source the mode that was entered
/// takes, PLLDIG what the PLLs make of their references, MC_CGM references and dividers. Sources run and PLLs
/// lock at once. The factors are those that ST's clock component for SPC58ECxx programs: 160 MHz from PLL0
/// and 180 MHz from PLL1 of a crystal of 40 MHz; fractions and modulation of PLL1 are not looked at. A
/// divider that is switched off divides by 1 (assumed).
class Spc58Clocks {
 public:
  struct Rates {
    Hertz core = 0;
    Hertz timers = 0;    ///< STM: the system clock by SC_DC1.
    Hertz bridges = 0;   ///< PIT: the system clock by SC_DC2.
    Hertz linflexd = 0;  ///< What AC12_SC selects by AC12_DC2.

    /// What a peripheral of that model counts with. SWT: the internal oscillator (assumed).
    Hertz of(std::string_view model) const;
    bool operator==(const Rates&) const = default;
  };

  /// `oscillator`: of the board. `changed` hears of other rates, from the reset values on.
  Spc58Clocks(Hertz oscillator, std::function<void(const Rates&)> changed);
  ~Spc58Clocks();

  /// Of one of the three blocks; null for any other. It must not be used after this object's end.
  std::unique_ptr<Device> make(const mcu_models::PeripheralModel& block);

 private:
  class Block;
  class ModeEntry;

  void registers_changed();
  Rates rates() const;
  /// By a divider of MC_CGM.
  Hertz divided(Hertz clock, std::uint32_t divider_register) const;
  Hertz source(unsigned number) const;
  Hertz reference(std::uint32_t selection_register) const;

  const Hertz oscillator_;
  const std::function<void(const Rates&)> changed_;
  Block* modes_ = nullptr;       ///< MC_ME
  Block* generation_ = nullptr;  ///< MC_CGM
  Block* plls_ = nullptr;        ///< PLLDIG
  Rates told_;
};

}  // namespace mcusim::emulator::clock_tree
