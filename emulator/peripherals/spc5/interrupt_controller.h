#pragma once

#include <array>
#include <functional>
#include <vector>

#include "emulator/bus/bus.h"
#include "emulator/e200/core.h"
#include "emulator/interrupt_lines.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// INTC of SPC58 and MPC57xx for the one core that is emulated: the registers of all processors (BCR, CPR,
/// IACKR, EOIR) are this core's. A source interrupts when its priority in PSR is above the current one in CPR
/// and some processor is selected. Reading IACKR, or the core with hardware vectors, takes the source with
/// the highest priority, and of those the lowest number, and saves CPR on a stack that EOIR takes from.
class InterruptController : public Device, public InterruptLines, public e200::InterruptSource {
 public:
  explicit InterruptController(const mcu_models::McuModel& mcu);

  /// Called when pending() may have changed.
  void set_listener(std::function<void()> listener) { listener_ = std::move(listener); }

  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;

  void set(unsigned source, bool level) override;

  bool pending() const override { return highest() >= 0; }
  std::optional<unsigned> acknowledge_by_hardware() override;

 private:
  static constexpr unsigned kSoftwareSources = 32;

  /// The source that is taken next, -1: none.
  int highest() const;
  unsigned acknowledge();
  std::uint32_t read_byte(std::uint32_t offset);
  void write_byte(std::uint32_t offset, std::uint8_t value);
  void changed();

  std::vector<std::uint16_t> selects_;  ///< PSR by source.
  std::vector<bool> levels_;
  std::uint32_t block_configuration_ = 0;
  std::uint32_t table_ = 0;  ///< VTBA of IACKR.
  std::uint32_t vector_ = 0;
  std::uint8_t priority_ = 0;
  std::vector<std::uint8_t> saved_;
  mutable int highest_ = -1;
  mutable bool highest_known_ = false;
  std::function<void()> listener_;
};

}  // namespace mcusim::emulator
