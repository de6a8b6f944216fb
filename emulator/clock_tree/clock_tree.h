#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/units.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::clock_tree {

struct FamilyTable;

/// Frequencies that follow from the registers of the reset and clock control (RCC).
struct Clocks {
  /// One peripheral bus: the clock of its registers and the one its timers count with.
  struct Bus {
    std::string_view name;  ///< "APB1"
    Hertz peripherals = 0;
    Hertz timers = 0;
    bool operator==(const Bus&) const = default;
  };

  Hertz system = 0;            ///< SYSCLK.
  Hertz core = 0;              ///< Never 0: see ClockTree::clocks().
  Hertz ahb = 0;               ///< HCLK, which is also the clock of AXI and flash. Never 0.
  Hertz systick_external = 0;  ///< What SysTick counts with CLKSOURCE = 0; 0 when its source is stopped.
  std::vector<Bus> apb;
  /// What the UARTs and timers of the MCU count with, by name ("USART3", "TIM5"); 0 when the source that the
  /// firmware selected is stopped.
  std::map<std::string, Hertz, std::less<>> kernels;

  bool operator==(const Clocks&) const = default;
};

/// The clock tree of one MCU: which oscillators, PLLs, prescalers and multiplexers its family has, and where
/// the fields that control them are. The family's table is chosen by McuModel::clock_tree.
class ClockTree {
 public:
  /// The word at an offset of the RCC, as a read by the firmware sees it.
  using ReadRegister = std::function<std::uint32_t(std::uint32_t offset)>;

  /// `oscillator`: of the board (HSE), 0 for none. Throws InputError when the MCU names an unknown clock tree
  /// or its RCC lacks a register that the tree needs.
  ClockTree(const mcu_models::McuModel& mcu, Hertz oscillator);

  /// Any register values give an answer. A source that is off, or a PLL that cannot lock (a factor outside of
  /// its documented range, a VCO above twice its documented limit), is stopped: 0 Hz. Hardware refuses to run
  /// the core from a stopped source, so the system clock then is the one after reset.
  Clocks clocks(const ReadRegister& read) const;

  /// Whether clocks() depends on the register that holds the byte at `offset`.
  bool reads(std::uint32_t offset) const;

 private:
  struct Kernel {
    std::string peripheral;
    std::size_t bus = 0;
    bool timer = false;
  };

  const FamilyTable* family_;
  Hertz oscillator_;
  std::map<std::string_view, std::uint32_t> offsets_;  ///< By register name; optional ones may be absent.
  std::vector<Kernel> kernels_;
};

/// Names that McuModel::clock_tree can have, sorted.
std::vector<std::string> clock_tree_names();

}  // namespace mcusim::emulator::clock_tree
