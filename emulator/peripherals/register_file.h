#pragma once

#include <optional>
#include <vector>

#include "emulator/bus/bus.h"
#include "emulator/peripherals/register_store.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// A peripheral without behaviour of its own: reset values, what was written reads back, and the follow rules
/// of its model ("ready" bits that equal their "on" bits) replace bits of what a read returns.
class RegisterFile : public Device {
 public:
  explicit RegisterFile(const mcu_models::PeripheralModel& model);

  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  /// Kept registers stay, and so do the flags of the reset's cause, to which the software reset is added.
  void reset() override;

 protected:
  /// The aligned word at `offset` as a read sees it.
  virtual std::uint32_t read_word(std::uint32_t offset) const;

  RegisterStore store_;

 private:
  std::vector<mcu_models::RegisterModel> registers_;
  std::vector<mcu_models::FollowRule> rules_;
  std::optional<mcu_models::ResetCause> cause_;
};

}  // namespace mcusim::emulator
