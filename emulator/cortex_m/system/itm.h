#pragma once

#include <cstdint>
#include <functional>

namespace mcusim::emulator::cortex_m {

/// ITM stimulus ports (DDI 0403E C1.7; DDI 0553 for Armv8-M): what firmware prints over SWO. A port is open
/// with DEMCR.TRCENA, TCR.ITMENA and its bit of TER; room for the next word is always at once. ITMENA is set and
/// the lock is open, as a debugger leaves them.
class Itm {
 public:
  using Listener = std::function<void(unsigned port, unsigned width, std::uint32_t value)>;

  explicit Itm(bool v8m) : v8m_(v8m) { reset(); }

  void set_listener(Listener listener) { listener_ = std::move(listener); }
  void reset();
  /// DEMCR.TRCENA.
  void set_trace_enabled(bool enabled) { trace_enabled_ = enabled; }
  std::uint32_t read(std::uint32_t offset) const;
  void write(std::uint32_t offset, unsigned width, std::uint32_t value, bool privileged);

 private:
  bool open(unsigned port) const;

  bool v8m_;
  bool trace_enabled_;
  Listener listener_;
  std::uint32_t control_, enabled_ports_, privilege_;
};

}  // namespace mcusim::emulator::cortex_m
