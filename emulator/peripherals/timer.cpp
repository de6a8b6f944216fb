#include "emulator/peripherals/timer.h"

#include <algorithm>

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kCr1 = 0x00, kDier = 0x0c, kSr = 0x10, kEgr = 0x14, kCnt = 0x24, kPsc = 0x28,
                        kArr = 0x2c;
constexpr std::uint32_t kCr1Cen = 1u << 0, kCr1Udis = 1u << 1, kCr1Urs = 1u << 2, kCr1Opm = 1u << 3;
constexpr std::uint32_t kSrUif = 1u << 0, kDierUie = 1u << 0;
constexpr std::uint32_t kEgrUg = 1u << 0;

}  // namespace

Timer::Timer(const mcu_models::PeripheralModel& model, Scheduler& scheduler, const Wiring& wiring)
    : RegisterFile(model),
      scheduler_(scheduler),
      clock_(wiring.clock),
      interrupts_(wiring.interrupts),
      interrupt_(model.interrupt),
      mask_(store_.word(kArr)) {
  if (mask_ == 0) mask_ = ~0u;
  store_.set_word(kArr, mask_);
}

bool Timer::enabled() const { return (store_.word(kCr1) & kCr1Cen) != 0; }

void Timer::update_event() {
  prescale_ = store_.word(kPsc) & 0xffff;
  remainder_ = 0;
  store_.set_word(kCnt, 0);
}

std::uint64_t Timer::ticks() const {
  return clock_ != nullptr ? clock_->ticks(scheduler_.now()) : scheduler_.now();
}

void Timer::update_interrupt() {
  if (interrupts_ == nullptr || interrupt_ < 0) return;
  const bool wanted = (store_.word(kDier) & kDierUie) != 0;
  const bool raised = (store_.word(kSr) & kSrUif) != 0;
  interrupts_->set(static_cast<unsigned>(interrupt_), wanted && raised);
  const std::uint64_t reload = store_.word(kArr);
  if (!wanted || raised || !enabled() || reload == 0) {
    call_at_ = Scheduler::kNever;
    ++generation_;
    return;
  }
  const std::uint64_t count = store_.word(kCnt);
  const std::uint64_t top = count > reload ? mask_ : reload;
  const std::uint64_t left = (top + 1 - count) * (std::uint64_t{prescale_} + 1) - remainder_;
  const Cycles due = clock_ != nullptr ? clock_->cycle_at(time_ + left) : time_ + left;
  if (due == call_at_) return;
  call_at_ = due;
  const std::uint64_t generation = ++generation_;
  if (due == Scheduler::kNever) return;
  // After a change of clocks the call may come too early; it then asks again.
  scheduler_.at(std::max(due, scheduler_.now() + 1), [this, generation] {
    if (generation != generation_) return;
    call_at_ = Scheduler::kNever;
    advance();
    update_interrupt();
  });
}

void Timer::advance() {
  const std::uint64_t now = ticks();
  std::uint64_t elapsed = now - time_ + remainder_;
  time_ = now;
  const std::uint64_t reload = store_.word(kArr);
  // The counter is blocked while the auto-reload value is null (RM0433, TIMx_ARR).
  if (!enabled() || reload == 0) return;
  std::uint64_t count = store_.word(kCnt);
  // A counter beyond ARR runs to its own end first.
  const std::uint64_t top = count > reload ? mask_ : reload;
  const std::uint64_t to_overflow = (top + 1 - count) * (std::uint64_t{prescale_} + 1);
  std::uint64_t period = top + 1;
  if (elapsed >= to_overflow) {
    elapsed -= to_overflow;
    count = 0;
    period = reload + 1;
    if ((store_.word(kCr1) & kCr1Udis) == 0) {
      update_event();
      store_.set_word(kSr, store_.word(kSr) | kSrUif);
    }
    if ((store_.word(kCr1) & kCr1Opm) != 0) {
      store_.set_word(kCr1, store_.word(kCr1) & ~kCr1Cen);
      elapsed = 0;
    }
  }
  const std::uint64_t per_count = std::uint64_t{prescale_} + 1;
  count = (count + elapsed / per_count) % period;
  remainder_ = elapsed % per_count;
  store_.set_word(kCnt, static_cast<std::uint32_t>(count));
}

std::uint32_t Timer::read(std::uint32_t offset, unsigned width) {
  advance();
  const std::uint32_t value = RegisterFile::read(offset, width);
  update_interrupt();
  return value;
}

void Timer::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  advance();
  switch (offset & ~3u) {
    case kSr:  // Flags are cleared by writing 0, and 1 changes nothing.
      store_.set_word(kSr, store_.word(kSr) & value);
      break;
    case kEgr:
      if ((value & kEgrUg) != 0) {
        if ((store_.word(kCr1) & kCr1Urs) == 0) store_.set_word(kSr, store_.word(kSr) | kSrUif);
        update_event();
      }
      break;
    case kCnt:
    case kArr:
      RegisterFile::write(offset, width, value);
      store_.set_word(offset & ~3u, store_.word(offset & ~3u) & mask_);
      remainder_ = 0;
      break;
    default:
      RegisterFile::write(offset, width, value);
  }
  update_interrupt();
}

}  // namespace mcusim::emulator
