#include "emulator/peripherals/timer.h"

#include <algorithm>
#include <limits>
#include <string>

#include "emulator/peripherals/register_names.h"

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kCr1 = 0x00, kDier = 0x0c, kSr = 0x10, kEgr = 0x14, kCcmr1 = 0x18, kCnt = 0x24,
                        kPsc = 0x28, kArr = 0x2c, kCcr1 = 0x34;
constexpr std::uint32_t kCr1Cen = 1u << 0, kCr1Udis = 1u << 1, kCr1Urs = 1u << 2, kCr1Opm = 1u << 3,
                        kCr1Arpe = 1u << 7;
/// In SR, DIER and EGR alike.
constexpr std::uint32_t kUpdate = 1u << 0, kCompare1 = 1u << 1, kCompares = 0x1e;
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

}  // namespace

Timer::Timer(const mcu_models::PeripheralModel& model, Scheduler& scheduler, const Wiring& wiring)
    : RegisterFile(model),
      scheduler_(scheduler),
      clock_(wiring.clock),
      interrupts_(wiring.interrupts),
      update_interrupt_number_(model.interrupts.empty() ? model.interrupt : model.interrupts.front()),
      channel_interrupt_number_(model.interrupts.empty() ? model.interrupt : model.interrupts.back()),
      mask_(store_.word(kArr)) {
  if (mask_ == 0) mask_ = ~0u;
  for (unsigned channel = 0; channel < kChannels; ++channel) {
    if (offset_of(model, {"CCR" + std::to_string(channel + 1)})) channels_ |= 1u << channel;
  }
  store_.set_word(kArr, mask_);
  reload_ = mask_;
}

void Timer::reset() {
  RegisterFile::reset();
  store_.set_word(kArr, mask_);
  time_ = ticks();
  remainder_ = prescale_ = 0;
  reload_ = mask_;
  update_interrupt();
}

void Timer::clocks_changed() {
  advance();
  update_interrupt();
}

bool Timer::enabled() const { return (store_.word(kCr1) & kCr1Cen) != 0; }

// CCxS of CCMR1 and CCMR2 is 0 for an output.
bool Timer::compares(unsigned channel) const {
  return (channels_ >> channel & 1) != 0 &&
         (store_.word(kCcmr1 + channel / 2 * 4) >> (channel % 2 * 8) & 3) == 0;
}

void Timer::update_event() {
  prescale_ = store_.word(kPsc) & 0xffff;
  reload_ = store_.word(kArr);
  remainder_ = 0;
  store_.set_word(kCnt, 0);
}

std::uint64_t Timer::ticks() const {
  return clock_ != nullptr ? clock_->ticks(scheduler_.now()) : scheduler_.now();
}

// A counter beyond ARR runs to its own end first.
std::uint64_t Timer::top() const { return store_.word(kCnt) > reload_ ? mask_ : reload_; }

std::uint64_t Timer::ticks_to(std::uint64_t count) const {
  return (count - store_.word(kCnt)) * (std::uint64_t{prescale_} + 1) - remainder_;
}

// Ticks until one of the flags `wanted` may rise, or until the overflow that a flag behind it waits for.
std::uint64_t Timer::next_flag(std::uint32_t wanted) const {
  std::uint64_t left = kNever;
  if ((wanted & kUpdate) != 0) left = ticks_to(top() + 1);
  for (unsigned channel = 0; channel < kChannels; ++channel) {
    if ((wanted >> channel & kCompare1) == 0 || !compares(channel)) continue;
    const std::uint64_t compare = store_.word(kCcr1 + 4 * channel);
    const bool ahead = compare > store_.word(kCnt) && compare <= top();
    left = std::min(left, ticks_to(ahead ? compare : top() + 1));
  }
  return left;
}

void Timer::update_interrupt() {
  if (interrupts_ == nullptr || update_interrupt_number_ < 0) return;
  const std::uint32_t enables = store_.word(kDier), flags = store_.word(kSr);
  const bool update = (enables & flags & kUpdate) != 0, compare = (enables & flags & kCompares) != 0;
  const bool shared = channel_interrupt_number_ == update_interrupt_number_;
  interrupts_->set(static_cast<unsigned>(update_interrupt_number_), update || (shared && compare));
  if (!shared && channel_interrupt_number_ >= 0) {
    interrupts_->set(static_cast<unsigned>(channel_interrupt_number_), compare);
  }
  const std::uint32_t wanted = enables & ~flags & (kUpdate | kCompares);
  const std::uint64_t left = enabled() && reload_ != 0 ? next_flag(wanted) : kNever;
  if (left == kNever) {
    call_at_ = Scheduler::kNever;
    ++generation_;
    return;
  }
  const Cycles due = clock_ != nullptr ? clock_->cycle_at(time_ + left) : time_ + left;
  if (due == call_at_) return;
  call_at_ = due;
  const std::uint64_t generation = ++generation_;
  if (due == Scheduler::kNever) return;
  scheduler_.at(std::max(due, scheduler_.now() + 1), [this, generation] {
    if (generation != generation_) return;
    call_at_ = Scheduler::kNever;
    advance();
    update_interrupt();
  });
}

void Timer::match(std::uint64_t first, std::uint64_t last) {
  std::uint32_t flags = store_.word(kSr);
  for (unsigned channel = 0; channel < kChannels; ++channel) {
    const std::uint64_t compare = store_.word(kCcr1 + 4 * channel);
    if (compares(channel) && compare >= first && compare <= last) flags |= kCompare1 << channel;
  }
  store_.set_word(kSr, flags);
}

// Such a channel matches at the overflow (RM0433, TIMx_SR.CC1IF).
void Timer::match_beyond_reload() { match(std::uint64_t{reload_} + 1, ~0u); }

void Timer::advance() {
  const std::uint64_t now = ticks();
  std::uint64_t elapsed = now - time_;
  time_ = now;
  // The counter is blocked while the auto-reload value is null (RM0433, TIMx_ARR).
  if (!enabled() || reload_ == 0) return;
  const std::uint64_t count = store_.word(kCnt), to_overflow = ticks_to(top() + 1);
  if (elapsed < to_overflow) {
    const std::uint64_t per_count = std::uint64_t{prescale_} + 1, gone = elapsed + remainder_;
    const std::uint64_t reached = count + gone / per_count;
    match(count + 1, reached);
    store_.set_word(kCnt, static_cast<std::uint32_t>(reached));
    remainder_ = gone % per_count;
    return;
  }
  elapsed -= to_overflow;
  match(count + 1, top());
  match_beyond_reload();
  overflow();
  if (!enabled() || reload_ == 0) return;
  const std::uint64_t per_count = std::uint64_t{prescale_} + 1, counts = elapsed / per_count;
  match(0, std::min<std::uint64_t>(counts, reload_));
  if (counts > reload_) match_beyond_reload();
  store_.set_word(kCnt, static_cast<std::uint32_t>(counts % (std::uint64_t{reload_} + 1)));
  remainder_ = elapsed % per_count;
}

void Timer::overflow() {
  store_.set_word(kCnt, 0);
  remainder_ = 0;
  if ((store_.word(kCr1) & kCr1Udis) == 0) {
    update_event();
    store_.set_word(kSr, store_.word(kSr) | kUpdate);
  }
  if ((store_.word(kCr1) & kCr1Opm) != 0) store_.set_word(kCr1, store_.word(kCr1) & ~kCr1Cen);
}

std::uint32_t Timer::read(std::uint32_t offset, unsigned width) {
  advance();
  const std::uint32_t value = RegisterFile::read(offset, width);
  update_interrupt();
  return value;
}

void Timer::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  advance();
  write_register(offset, width, value);
  update_interrupt();
}

void Timer::write_register(std::uint32_t offset, unsigned width, std::uint32_t value) {
  switch (offset & ~3u) {
    case kSr:  // Flags are cleared by writing 0, and 1 changes nothing.
      store_.set_word(kSr, store_.word(kSr) & value);
      return;
    case kEgr:
      store_.set_word(kSr, store_.word(kSr) | (value & kCompares));
      if ((value & kUpdate) != 0) {
        if ((store_.word(kCr1) & kCr1Urs) == 0) store_.set_word(kSr, store_.word(kSr) | kUpdate);
        update_event();
      }
      return;
    case kCnt:
    case kArr:
      RegisterFile::write(offset, width, value);
      store_.set_word(offset & ~3u, store_.word(offset & ~3u) & mask_);
      remainder_ = 0;
      if ((store_.word(kCr1) & kCr1Arpe) == 0) reload_ = store_.word(kArr);
      return;
    default:
      RegisterFile::write(offset, width, value);
  }
}

}  // namespace mcusim::emulator
