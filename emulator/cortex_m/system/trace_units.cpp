#include "emulator/cortex_m/system/trace_units.h"

namespace mcusim::emulator::cortex_m {
namespace {

constexpr std::uint32_t kLockKey = 0xc5acce55u;
constexpr std::uint32_t kLockAccess = 0xfb0, kLockStatus = 0xfb4;
constexpr std::uint32_t kDwtComparators = 4u << 28;  // DWT_CTRL.NUMCOMP of M3, M4, M7 and M33
constexpr std::uint32_t kDwtNoCycleCounter = 1u << 25;
constexpr std::uint32_t kItmEnable = 1;

}  // namespace

void Dwt::reset() {
  locked_ = locks_;
  trace_enabled_ = false;
  control_ = count_ = 0;
  storage_ = {};
  since_ = scheduler_.now();
}

std::uint32_t Dwt::cycle_count() const {
  return count_ + (counts() ? static_cast<std::uint32_t>(scheduler_.now() - since_) : 0);
}

void Dwt::settle() {
  count_ = cycle_count();
  since_ = scheduler_.now();
}

void Dwt::set_trace_enabled(bool enabled) {
  settle();
  trace_enabled_ = enabled;
}

std::uint32_t Dwt::read(std::uint32_t offset) const {
  switch (offset) {
    case 0:
      return kDwtComparators | (present_ ? control_ : kDwtNoCycleCounter);
    case 4:
      return cycle_count();
    case kLockStatus:
      return (locks_ ? 1u : 0) | (locked_ ? 2u : 0);
    default:
      return offset < storage_.size() * 4 ? storage_[offset / 4] : 0;
  }
}

void Dwt::write(std::uint32_t offset, std::uint32_t value) {
  if (offset == kLockAccess) {
    locked_ = locks_ && value != kLockKey;
    return;
  }
  if (locked_) return;
  settle();
  if (offset == 0)
    control_ = value & 0x007f1fffu;
  else if (offset == 4)
    count_ = value;
  else if (offset < storage_.size() * 4)
    storage_[offset / 4] = value;
}

void Itm::reset() { control_ = enabled_ports_ = privilege_ = 0; }

std::uint32_t Itm::read(std::uint32_t offset) const {
  if (offset < 0x80) return (control_ & kItmEnable) && (enabled_ports_ >> (offset / 4) & 1) ? 1 : 0;  // ready
  switch (offset) {
    case 0xe00:
      return enabled_ports_;
    case 0xe40:
      return privilege_;
    case 0xe80:
      return control_;
    default:
      return 0;
  }
}

void Itm::write(std::uint32_t offset, unsigned width, std::uint32_t value, bool trace_enabled) {
  if (offset < 0x80) {
    const unsigned port = offset / 4;
    const bool open = trace_enabled && (control_ & kItmEnable) && (enabled_ports_ >> port & 1);
    if (open && listener_) listener_(port, width, value);
    return;
  }
  if (offset == 0xe00) enabled_ports_ = value;
  if (offset == 0xe40) privilege_ = value & 0xf;
  if (offset == 0xe80) control_ = value;
}

}  // namespace mcusim::emulator::cortex_m
