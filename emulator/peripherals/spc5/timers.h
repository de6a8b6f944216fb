#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/wiring.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator {

/// STM: a 32-bit counter that runs with TEN at its clock / (CPS + 1), and four channels whose flags rise when
/// it equals their CMP (UM3100).
class SystemTimer : public RegisterFile {
 public:
  /// `wiring` has a clock and a scheduler, as for the others.
  SystemTimer(const mcu_models::PeripheralModel& model, const Wiring& wiring);
  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;
  void clocks_changed() override;

 private:
  static constexpr unsigned kChannels = 4;

  /// Ticks per count.
  std::uint64_t period() const;
  bool running() const;
  std::uint32_t count() const;
  void count_from(std::uint32_t count);
  void schedule(unsigned channel);
  void update(unsigned channel);

  Wiring wiring_;
  std::vector<int> interrupts_;
  std::uint32_t count_ = 0;  ///< At tick `since_`.
  std::uint64_t since_ = 0;
  std::array<bool, kChannels> flags_{};
  std::array<std::uint64_t, kChannels> generations_{};  ///< Scheduled matches of an older one are void.
};

/// PIT: channels that count LDVAL down to 0 and start again while TEN, unless MCR[MDIS] stops all (UM3100).
/// Chaining and the lifetime timer are registers without effect.
class PeriodicTimer : public RegisterFile {
 public:
  PeriodicTimer(const mcu_models::PeripheralModel& model, const Wiring& wiring);
  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;
  void clocks_changed() override;

 private:
  struct Channel {
    bool running = false, flag = false;
    std::uint64_t ends = 0;  ///< Tick.
    std::uint64_t generation = 0;
  };

  void start(std::size_t channel, std::uint64_t tick);
  void schedule(std::size_t channel);
  void update(std::size_t channel);
  bool disabled() const;

  Wiring wiring_;
  std::vector<int> interrupts_;
  std::vector<Channel> channels_;
};

/// SWT: once enabled it must be served by A602, B480 in SR before TO ticks pass; else it resets the chip,
/// after an interrupt and another TO with ITR. C520, D928 unlock a soft lock. Windows and keyed service count
/// as plain service.
class SoftwareWatchdog : public RegisterFile {
 public:
  /// `expired` is told what happened.
  SoftwareWatchdog(const mcu_models::PeripheralModel& model, const Wiring& wiring,
                   std::function<void(std::string)> expired);
  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;
  void clocks_changed() override;

 private:
  void restart();
  void schedule();
  void time_out();

  std::string name_;
  Wiring wiring_;
  int interrupt_;
  std::function<void(std::string)> expired_;
  std::uint32_t sequence_ = 0;  ///< The first word of a sequence that was written last.
  bool interrupted_ = false;
  std::uint64_t ends_ = 0;  ///< Tick.
  std::uint64_t generation_ = 0;
};

}  // namespace mcusim::emulator
