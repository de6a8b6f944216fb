#include "emulator/cortex_m/system/itm.h"

namespace mcusim::emulator::cortex_m {
namespace {

constexpr std::uint32_t kStimulusEnd = 0x80, kTraceEnable = 0xe00, kTracePrivilege = 0xe40,
                        kTraceControl = 0xe80;
constexpr std::uint32_t kItmEnable = 1;
constexpr std::uint32_t kFifoReady = 1, kDisabled = 2;

}  // namespace

// The ITM is on, as a debugger that listens leaves it; its ports are not: firmware that opens one waits until
// it takes a character.
void Itm::reset() {
  control_ = kItmEnable;
  enabled_ports_ = privilege_ = 0;
  trace_enabled_ = false;
}

bool Itm::open(unsigned port) const {
  return trace_enabled_ && (control_ & kItmEnable) != 0 && (enabled_ports_ >> port & 1) != 0;
}

std::uint32_t Itm::read(std::uint32_t offset) const {
  // Only Armv8-M tells a closed port from a full one.
  if (offset < kStimulusEnd) return open(offset / 4) ? kFifoReady : v8m_ ? kDisabled : 0;
  switch (offset) {
    case kTraceEnable:
      return enabled_ports_;
    case kTracePrivilege:
      return privilege_;
    case kTraceControl:
      return control_;
    default:
      return 0;
  }
}

void Itm::write(std::uint32_t offset, unsigned width, std::uint32_t value, bool privileged) {
  if (offset < kStimulusEnd) {
    const unsigned port = offset / 4;
    const bool permitted = privileged || (privilege_ >> port / 8 & 1) == 0;  // a bit for eight ports
    if (permitted && open(port) && listener_) listener_(port, width, value);
    return;
  }
  if (!privileged) return;
  if (offset == kTraceEnable) enabled_ports_ = value;
  if (offset == kTracePrivilege) privilege_ = value & 0xf;
  if (offset == kTraceControl) control_ = value & 0x007f0f1fu;
}

}  // namespace mcusim::emulator::cortex_m
