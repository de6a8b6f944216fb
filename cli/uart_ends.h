#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "emulator/host_io/serial_end.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::cli {

/// The ends that --uart options open for one run. How to connect to them is said on standard error.
class UartEnds {
 public:
  /// Throws InputError as the options' parser and the ends do, and for two options on one UART or two on
  /// standard input.
  /// Nothing goes to a UART before it has sent `prompt`; empty: at once.
  UartEnds(const std::vector<std::string>& options, const std::string& prompt,
           const mcu_models::McuModel& mcu);

  /// By the peripheral's name; valid as long as this object.
  std::map<std::string, emulator::host_io::SerialEnd*> by_name() const;
  bool connects(const std::string& uart) const { return ends_.contains(uart); }
  /// Somebody may type at an end: a run should not end for want of time.
  bool interactive() const { return interactive_; }
  bool reads_standard_input() const { return stdio_taken_; }
  /// The run is over: completes files and what is on its way.
  void finish();

 private:
  std::map<std::string, std::unique_ptr<emulator::host_io::SerialEnd>> ends_;
  bool interactive_ = false;
  bool stdio_taken_ = false;
};

}  // namespace mcusim::cli
