#include "emulator/cortex_m/system/dwt.h"

namespace mcusim::emulator::cortex_m {
namespace {

constexpr std::uint32_t kLockKey = 0xc5acce55u;
constexpr std::uint32_t kControl = 0, kCycleCount = 4, kFirstEvent = 0x08, kLastEvent = 0x18;
constexpr std::uint32_t kComparators = 0x20, kLockAccess = 0xfb0, kLockStatus = 0xfb4;
constexpr unsigned kFirstEventEnable = 17;  // DWT_CTRL.CPIEVTENA; the others follow in order.
constexpr std::uint32_t kEventEnables = ((1u << EventTotals::kEvents) - 1) << kFirstEventEnable;
// DWT_CTRL.NUMCOMP: four on M3, M4, M7 and M33, two on M0 and M0+. Armv6-M reserves the bits that say what
// is missing (DDI 0419 C1.8); all of them set is what Armv7-M means by nothing but comparators.
constexpr std::uint32_t kFourComparators = 4u << 28;
constexpr std::uint32_t kOnlyTwoComparators = 2u << 28 | 0xfu << 24;

}  // namespace

void Dwt::reset() {
  trace_enabled_ = key_written_ = written_without_key_ = false;
  control_ = count_ = 0;
  event_counts_ = {};
  comparators_ = {};
  since_ = scheduler_.now();
}

bool Dwt::counts(std::size_t event) const {
  return options_.cycle_counter && trace_enabled_ && (control_ >> (kFirstEventEnable + event) & 1) != 0;
}

bool Dwt::counts_events() const {
  return options_.cycle_counter && trace_enabled_ && events_ && (control_ & kEventEnables) != 0;
}

std::uint32_t Dwt::cycle_count() const {
  return count_ + (counts_cycles() ? static_cast<std::uint32_t>(scheduler_.now() - since_) : 0);
}

std::uint32_t Dwt::event_count(std::size_t event) const {
  std::uint64_t count = event_counts_[event];
  if (events_ && counts(event)) count += events_().by_event[event] - events_since_.by_event[event];
  return count & 0xff;
}

void Dwt::settle() {
  count_ = cycle_count();
  since_ = scheduler_.now();
  if (!counts_events()) return;
  const EventTotals now = events_();
  for (std::size_t i = 0; i < EventTotals::kEvents; ++i) {
    if (counts(i)) event_counts_[i] += now.by_event[i] - events_since_.by_event[i];
  }
  events_since_ = now;
}

void Dwt::set_trace_enabled(bool enabled) {
  settle();
  trace_enabled_ = enabled;
  if (counts_events()) events_since_ = events_();
}

std::uint32_t Dwt::read(std::uint32_t offset) const {
  if (offset == kControl) return options_.cycle_counter ? kFourComparators | control_ : kOnlyTwoComparators;
  if (offset == kCycleCount) return cycle_count();
  if (offset >= kFirstEvent && offset <= kLastEvent) return event_count((offset - kFirstEvent) / 4);
  if (offset == kLockStatus && options_.has_lock)
    return 1u | (options_.lock_enforced && !key_written_ ? 2u : 0);
  const std::uint32_t comparator = (offset - kComparators) / 4;
  return offset >= kComparators && comparator < comparators_.size() ? comparators_[comparator] : 0;
}

void Dwt::write(std::uint32_t offset, std::uint32_t value) {
  if (offset == kLockAccess) {
    key_written_ = value == kLockKey;
    if (key_written_) written_without_key_ = false;
    return;
  }
  if (options_.has_lock && !key_written_) {
    if (offset <= kCycleCount) written_without_key_ = true;
    if (options_.lock_enforced) return;
  }
  if (offset >= kComparators) {
    const std::uint32_t comparator = (offset - kComparators) / 4;
    if (comparator < comparators_.size()) comparators_[comparator] = value;
    return;
  }
  if (!options_.cycle_counter) return;
  settle();
  if (offset == kControl) {
    write_control(value);
  } else if (offset == kCycleCount) {
    count_ = value;
  } else if (offset <= kLastEvent) {
    event_counts_[(offset - kFirstEvent) / 4] = value & 0xff;
  }
}

void Dwt::write_control(std::uint32_t value) {
  const std::uint32_t before = control_;
  control_ = value & 0x007f1fffu;
  // A counter begins at 0 when its enable bit is set.
  for (std::size_t i = 0; i < EventTotals::kEvents; ++i) {
    if ((control_ & ~before) >> (kFirstEventEnable + i) & 1) event_counts_[i] = 0;
  }
  if (counts_events()) events_since_ = events_();
}

std::optional<std::string> Dwt::lock_warning() const {
  if (!written_without_key_) return std::nullopt;
  return options_.lock_enforced
             ? "the firmware never unlocked the DWT (0xC5ACCE55 to 0xE0001FB0), so its cycle counter stood "
               "still; a debugger would have unlocked it: --dwt-lock off"
             : "the firmware never unlocked the DWT (0xC5ACCE55 to 0xE0001FB0); on a board without debugger "
               "its cycle counter would stand still, as with --dwt-lock on";
}

}  // namespace mcusim::emulator::cortex_m
