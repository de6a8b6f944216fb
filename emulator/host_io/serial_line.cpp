#include "emulator/host_io/serial_line.h"

#include <algorithm>

namespace mcusim::emulator::host_io {

void SerialLine::start() {
  scheduler_.at(scheduler_.now() + kLeastCycles, [this] { look(); });
}

bool SerialLine::input_ended() const { return end_.at_end() && receiver_.empty(); }

void SerialLine::look() {
  // A machine that sleeps and has nothing to expect can so be told from one that waits for its host.
  if (end_.at_end() && !end_.can_resume()) return tell_silence();
  Cycles next = kSilentCycles;
  if (receiver_.receiving()) {
    if (!receiver_.empty()) {
      next = kLeastCycles;
    } else if (const std::optional<std::uint8_t> byte = end_.read()) {
      receiver_.receive(*byte);
      after_byte_ = true;
      next = std::max(receiver_.frame_cycles(), kLeastCycles);
    } else {
      tell_silence();
    }
  }
  scheduler_.at(scheduler_.now() + next, [this] { look(); });
}

void SerialLine::tell_silence() {
  if (after_byte_) receiver_.line_idle();
  after_byte_ = false;
}

bool IdleDetector::idle(double seconds, bool input_ended) {
  if (input_ended && !input_ended_) last_ = std::max(last_, seconds);
  input_ended_ = input_ended;
  return input_ended && seconds - last_ >= kSilence;
}

}  // namespace mcusim::emulator::host_io
