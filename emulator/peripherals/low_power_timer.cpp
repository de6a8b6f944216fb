#include "emulator/peripherals/low_power_timer.h"

#include <algorithm>

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kCompareMatch = 1u << 0, kReloadMatch = 1u << 1;
/// CMPOK, and ARROK behind it.
constexpr std::uint32_t kArrived = 1u << 3;
constexpr std::uint32_t kEnable = 1u << 0, kOnce = 1u << 1, kContinuously = 1u << 2;
/// From the bus to the timer's clock domain: a synchroniser of two stages, assumed.
constexpr std::uint64_t kSynchronisation = 2;

}  // namespace

LowPowerTimer::LowPowerTimer(const mcu_models::PeripheralModel& model, const Wiring& wiring)
    : RegisterFile(model),
      scheduler_(*wiring.scheduler),
      clock_(wiring.clock),
      interrupts_(wiring.interrupts),
      interrupt_(model.interrupt) {}

void LowPowerTimer::reset() {
  RegisterFile::reset();
  time_ = ticks();
  control(0);
  update_interrupt();
}

void LowPowerTimer::clocks_changed() {
  advance();
  update_interrupt();
}

std::uint64_t LowPowerTimer::ticks() const {
  return clock_ != nullptr ? clock_->ticks(scheduler_.now()) : scheduler_.now();
}

std::uint64_t LowPowerTimer::counts_to(std::uint32_t value) const {
  const std::uint64_t period = std::uint64_t{reload()} + 1, count = store_.word(kCnt);
  if (!runs_ || value >= period) return kNever;
  return (value + period - 1 - count) % period + 1;
}

std::uint64_t LowPowerTimer::ticks_to(std::uint32_t value) const {
  const std::uint64_t counts = counts_to(value);
  return counts == kNever ? kNever : counts * ticks_per_count() - remainder_;
}

void LowPowerTimer::advance() {
  const std::uint64_t now = ticks(), gone = now - time_ + remainder_;
  time_ = now;
  for (unsigned i = 0; i < arrives_.size(); ++i) {
    if (now < arrives_[i]) continue;
    arrives_[i] = kNever;
    raise(kArrived << i);
  }
  if (!runs_) return;
  const std::uint64_t counts = gone / ticks_per_count();
  remainder_ = gone % ticks_per_count();
  if (counts >= counts_to(store_.word(kCmp) & 0xffff)) raise(kCompareMatch);
  const bool ends = counts >= counts_to(reload());
  if (ends) raise(kReloadMatch);
  runs_ = !(ends && once_);
  const std::uint64_t count = (store_.word(kCnt) + counts) % (std::uint64_t{reload()} + 1);
  store_.set_word(kCnt, runs_ ? static_cast<std::uint32_t>(count) : 0);
}

void LowPowerTimer::update_interrupt() {
  if (interrupts_ == nullptr || interrupt_ < 0) return;
  const std::uint32_t enabled = store_.word(kIer), flags = store_.word(kIsr);
  interrupts_->set(static_cast<unsigned>(interrupt_), (enabled & flags) != 0);
  const std::uint32_t wanted = enabled & ~flags;
  std::uint64_t due = kNever;
  const auto at = [&](std::uint32_t flag, std::uint64_t tick) {
    if ((wanted & flag) != 0) due = std::min(due, tick);
  };
  const auto behind = [&](std::uint64_t left) { return left == kNever ? kNever : time_ + left; };
  at(kArrived, arrives_[0]);
  at(kArrived << 1, arrives_[1]);
  at(kCompareMatch, behind(ticks_to(store_.word(kCmp) & 0xffff)));
  at(kReloadMatch, behind(ticks_to(reload())));

  const std::uint64_t generation = ++generation_;
  if (due == kNever) return;
  const Cycles cycle = clock_ != nullptr ? clock_->cycle_at(due) : due;
  if (cycle == Scheduler::kNever) return;
  scheduler_.at(std::max(cycle, scheduler_.now() + 1), [this, generation] {
    if (generation != generation_) return;
    advance();
    update_interrupt();
  });
}

std::uint32_t LowPowerTimer::read(std::uint32_t offset, unsigned width) {
  advance();
  return RegisterFile::read(offset, width);
}

void LowPowerTimer::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  advance();
  const std::uint32_t reg = offset & ~3u;
  switch (reg) {
    case kIsr:
    case kCnt:
      break;  // Read-only.
    case kIcr:
      store_.set_word(kIsr, store_.word(kIsr) & ~value);
      break;
    case kCr:
      control(value);
      break;
    default:
      RegisterFile::write(offset, width, value);
      if ((reg == kCmp || reg == kArr) && (store_.word(kCr) & kEnable) != 0)
        arrives_[reg == kCmp ? 0 : 1] = time_ + kSynchronisation;
  }
  update_interrupt();
}

// Disabled, the counter is reset and nothing is on its way; start bits need an enabled timer.
void LowPowerTimer::control(std::uint32_t value) {
  if ((value & kEnable) == 0) {
    store_.set_word(kCr, 0);
    store_.set_word(kCnt, 0);
    runs_ = false;
    remainder_ = 0;
    arrives_ = {kNever, kNever};
    return;
  }
  store_.set_word(kCr, value);
  if ((value & (kOnce | kContinuously)) == 0) return;
  once_ = (value & kContinuously) == 0;
  if (!runs_) store_.set_word(kCnt, 0), remainder_ = 0;
  runs_ = true;
}

}  // namespace mcusim::emulator
