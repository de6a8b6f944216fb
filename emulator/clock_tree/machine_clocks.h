#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "emulator/bus/bus.h"
#include "emulator/clock_tree/clock_tree.h"
#include "emulator/clock_tree/spc58_clocks.h"
#include "emulator/clock_tree/timebase.h"
#include "emulator/scheduler.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::clock_tree {

/// The clocks of a running machine: follows the writes to its RCC and keeps what depends on them.
class MachineClocks {
 public:
  /// An MCU without clock tree keeps the board's core clock, and its peripherals count core cycles.
  MachineClocks(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board,
                const Scheduler& scheduler);
  MachineClocks(const MachineClocks&) = delete;
  MachineClocks& operator=(const MachineClocks&) = delete;

  /// The device for `model` if clocks depend on it: the RCC of an STM32, MC_ME, MC_CGM or PLLDIG of an SPC58;
  /// else null. The clocks follow it from its reset values on. It must not be used after this object's end,
  /// nor the other way round.
  std::unique_ptr<Device> make_device(const mcu_models::PeripheralModel& model);

  /// The cycles of the core start from 0 again; the registers stay.
  void restart();

  Hertz core() const { return time_.clock(); }
  /// Of AHB, AXI and flash.
  Hertz bus() const { return tree_ ? clocks_.ahb : core(); }
  const Timebase& time() const { return time_; }
  /// What a peripheral of the MCU counts with. Valid as long as this object.
  const DomainClock& domain(const std::string& peripheral) const;
  /// What SysTick counts with CLKSOURCE = 0.
  const DomainClock& systick_external() const { return systick_external_; }

  /// Called after any clock has changed.
  void on_change(std::function<void()> listener) { changed_ = std::move(listener); }
  /// Called after the clock of the core has changed; may be empty.
  void on_core_change(std::function<void()> listener) { core_changed_ = std::move(listener); }

 private:
  class Rcc;
  std::unique_ptr<Device> make_rcc(const mcu_models::PeripheralModel& rcc);
  void registers_changed();
  void apply(const Clocks& clocks);
  void apply(const Spc58Clocks::Rates& rates);

  const Scheduler& scheduler_;
  std::optional<ClockTree> tree_;
  std::optional<Spc58Clocks> spc58_;
  Rcc* rcc_ = nullptr;
  std::map<std::string, std::string> models_;  ///< Of the peripherals of an SPC58, by name.
  Clocks clocks_;
  Timebase time_;
  std::map<std::string, DomainClock, std::less<>> domains_;
  DomainClock systick_external_;
  std::function<void()> changed_;
  std::function<void()> core_changed_;
};

}  // namespace mcusim::emulator::clock_tree
