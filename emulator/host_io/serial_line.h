#pragma once

#include "common/units.h"
#include "emulator/host_io/serial_end.h"
#include "emulator/peripherals/serial_receiver.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator::host_io {

/// Carries bytes from a host's end to a UART, in emulated time: never faster than the baud rate or one byte
/// per kLeastCycles, and never before the byte before has been read, so that no firmware overruns however
/// fast the host is. Both sides and the scheduler must outlive the scheduler's events.
class SerialLine {
 public:
  /// Firmware that was written for a slow host handles a byte in its interrupt within this time; it was
  /// enough for all public firmware that was tried.
  static constexpr Cycles kLeastCycles = 1500;
  /// Between two looks at a silent host or a receiver that is off.
  static constexpr Cycles kSilentCycles = 100'000;

  SerialLine(Scheduler& scheduler, SerialEnd& end, SerialReceiver& receiver)
      : scheduler_(scheduler), end_(end), receiver_(receiver) {}

  /// Looks at the host for the first time, and from then on by itself until its end.
  void start();

  /// Every byte of the host has been delivered and read, and no more will come.
  bool input_ended() const;

 private:
  void look();

  void tell_silence();

  bool after_byte_ = false;  ///< A byte was delivered, and no silence told since.
  Scheduler& scheduler_;
  SerialEnd& end_;
  SerialReceiver& receiver_;
};

/// --until idle: the console's input is at its end and nothing was sent for kSilence of emulated time since
/// then and since the last output.
class IdleDetector {
 public:
  static constexpr double kSilence = 0.1;  ///< Seconds.

  void output(double seconds) { last_ = seconds; }
  /// Times must not fall from call to call.
  bool idle(double seconds, bool input_ended);

 private:
  double last_ = 0;
  bool input_ended_ = false;
};

}  // namespace mcusim::emulator::host_io
