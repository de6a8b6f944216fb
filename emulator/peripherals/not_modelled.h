#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "common/units.h"
#include "emulator/bus/bus.h"
#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/register_store.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// What the firmware used and the machine only pretends to have; for the report. A text is kept once.
class NotModelledLog {
 public:
  void note(std::string text) { texts_.insert(std::move(text)); }
  std::vector<std::string> list() const { return {texts_.begin(), texts_.end()}; }

 private:
  std::set<std::string> texts_;
};

/// Registers whose rules only keep firmware going, as the bits of a bus with nothing on it. They are listed
/// at their first use, as "I2C1 0x40005400: no device answers (first from 0x08000234)".
class StandIn : public RegisterFile {
 public:
  StandIn(const mcu_models::PeripheralModel& model, NotModelledLog& log,
          std::function<Address()> program_counter);

  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;

 private:
  void note();

  NotModelledLog& log_;
  std::function<Address()> program_counter_;
  std::string text_;  ///< Empty: it has been told.
};

/// Stands where no other device answers: reads back what was written and logs each 1 KB block once, with the
/// instruction that touched it first, as "GPIOD 0x40020c00 (first from 0x08000234)".
class NotModelledDevice : public Device {
 public:
  struct Environment {
    NotModelledLog* log = nullptr;
    std::function<Address()> program_counter;
    /// The manual's name of the block that holds an address; may return "".
    std::function<std::string(Address)> name_of_block;
  };

  NotModelledDevice(Address base, Environment environment);

  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override { store_ = {}; }

 private:
  void log(std::uint32_t offset);

  Address base_;
  Environment environment_;
  RegisterStore store_;
  std::set<std::uint32_t> seen_;
};

}  // namespace mcusim::emulator
