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
  /// `divider`: core cycles per tick of its clock, as for the others.
  SystemTimer(const mcu_models::PeripheralModel& model, const Wiring& wiring, unsigned divider);
  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;

 private:
  static constexpr unsigned kChannels = 4;

  /// Core cycles per count.
  Cycles period() const;
  bool running() const;
  std::uint32_t count() const;
  void count_from(std::uint32_t count);
  void schedule(unsigned channel);
  void update(unsigned channel);

  Wiring wiring_;
  unsigned divider_;
  std::vector<int> interrupts_;
  std::uint32_t count_ = 0;  ///< At `since_`.
  Cycles since_ = 0;
  std::array<bool, kChannels> flags_{};
  std::array<std::uint64_t, kChannels> generations_{};  ///< Scheduled matches of an older one are void.
};

/// PIT: channels that count LDVAL down to 0 and start again while TEN, unless MCR[MDIS] stops all (UM3100).
/// Chaining and the lifetime timer are registers without effect.
class PeriodicTimer : public RegisterFile {
 public:
  PeriodicTimer(const mcu_models::PeripheralModel& model, const Wiring& wiring, unsigned divider);
  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;

 private:
  struct Channel {
    bool running = false, flag = false;
    Cycles ends = 0;
    std::uint64_t generation = 0;
  };

  void start(std::size_t channel, Cycles now);
  void update(std::size_t channel);
  bool disabled() const;

  Wiring wiring_;
  unsigned divider_;
  std::vector<int> interrupts_;
  std::vector<Channel> channels_;
};

/// SWT: once enabled it must be served by A602, B480 in SR before TO ticks pass; else it resets the chip,
/// after an interrupt and another TO with ITR. C520, D928 unlock a soft lock. Windows and keyed service count
/// as plain service.
class SoftwareWatchdog : public RegisterFile {
 public:
  /// `expired` is told what happened.
  SoftwareWatchdog(const mcu_models::PeripheralModel& model, const Wiring& wiring, unsigned divider,
                   std::function<void(std::string)> expired);
  std::uint32_t read(std::uint32_t offset, unsigned width) override;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;

 private:
  void restart();
  void time_out();

  std::string name_;
  Wiring wiring_;
  unsigned divider_;
  int interrupt_;
  std::function<void(std::string)> expired_;
  std::uint32_t sequence_ = 0;  ///< The first word of a sequence that was written last.
  bool interrupted_ = false;
  Cycles ends_ = 0;
  std::uint64_t generation_ = 0;
};

}  // namespace mcusim::emulator
