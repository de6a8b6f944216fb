#include "emulator/peripherals/spc5/timers.h"

#include <fmt/format.h>

#include <algorithm>

namespace mcusim::emulator {
namespace {

void set_line(const Wiring& wiring, int interrupt, bool level) {
  if (wiring.interrupts != nullptr && interrupt >= 0)
    wiring.interrupts->set(static_cast<unsigned>(interrupt), level);
}

std::uint64_t ticks(const Wiring& wiring) { return wiring.clock->ticks(wiring.scheduler->now()); }

/// Never, while the clock stands still.
void at_tick(const Wiring& wiring, std::uint64_t tick, Scheduler::Event event) {
  const Cycles at = wiring.clock->cycle_at(tick);
  if (at != Scheduler::kNever) wiring.scheduler->at(at, std::move(event));
}

namespace stm {
constexpr std::uint32_t kCr = 0x00, kCnt = 0x04, kChannel = 0x10, kEnable = 1;
constexpr std::uint32_t kControl = 0x0, kFlag = 0x4, kCompare = 0x8;
}  // namespace stm

namespace pit {
constexpr std::uint32_t kMcr = 0x00, kDisable = 2, kChannel = 0x100;
constexpr std::uint32_t kLoad = 0x0, kCurrent = 0x4, kControl = 0x8, kFlag = 0xc, kEnable = 1, kInterrupt = 2;
}  // namespace pit

namespace swt {
constexpr std::uint32_t kCr = 0x00, kIr = 0x04, kTo = 0x08, kSr = 0x10, kCo = 0x14;
constexpr std::uint32_t kEnable = 0x1, kSoftLock = 0x10, kHardLock = 0x20, kInterruptFirst = 0x40;
constexpr std::uint32_t kUnlock1 = 0xc520, kUnlock2 = 0xd928, kServe1 = 0xa602, kServe2 = 0xb480;
constexpr std::uint32_t kLeastTimeout = 0x100;
}  // namespace swt

}  // namespace

SystemTimer::SystemTimer(const mcu_models::PeripheralModel& model, const Wiring& wiring)
    : RegisterFile(model), wiring_(wiring), interrupts_(model.interrupts) {
  interrupts_.resize(kChannels, -1);
}

bool SystemTimer::running() const { return (store_.word(stm::kCr) & stm::kEnable) != 0; }
std::uint64_t SystemTimer::period() const { return (store_.word(stm::kCr) >> 8 & 0xff) + 1; }

std::uint32_t SystemTimer::count() const {
  if (!running()) return count_;
  return count_ + static_cast<std::uint32_t>((ticks(wiring_) - since_) / period());
}

void SystemTimer::count_from(std::uint32_t count) {
  count_ = count;
  since_ = ticks(wiring_);
}

void SystemTimer::reset() {
  RegisterFile::reset();
  count_from(0);
  for (unsigned channel = 0; channel < kChannels; ++channel) {
    flags_[channel] = false;
    ++generations_[channel];
    update(channel);
  }
}

std::uint32_t SystemTimer::read(std::uint32_t offset, unsigned width) {
  if (offset == stm::kCnt) return count();
  const std::uint32_t channel = (offset - stm::kChannel) >> 4;
  if (offset >= stm::kChannel && channel < kChannels && (offset & 15) == stm::kFlag)
    return flags_[channel] ? 1 : 0;
  return RegisterFile::read(offset, width);
}

void SystemTimer::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  const std::uint32_t before = count();
  const std::uint32_t channel = (offset - stm::kChannel) >> 4;
  const bool of_channel = offset >= stm::kChannel && channel < kChannels;
  if (of_channel && (offset & 15) == stm::kFlag) {
    if ((value & 1) != 0) flags_[channel] = false;
    update(channel);
    return;
  }
  RegisterFile::write(offset, width, value);
  if (of_channel) {
    schedule(channel);
    update(channel);
    return;
  }
  count_from(offset == stm::kCnt ? value : before);
  for (unsigned each = 0; each < kChannels; ++each) schedule(each);
}

void SystemTimer::schedule(unsigned channel) {
  const std::uint64_t generation = ++generations_[channel];
  const std::uint32_t base = stm::kChannel + 16 * channel;
  if (!running() || (store_.word(base + stm::kControl) & 1) == 0) return;
  const std::uint32_t distance = store_.word(base + stm::kCompare) - count_;
  std::uint64_t match = since_ + (distance == 0 ? std::uint64_t{1} << 32 : distance) * period();
  // It may have passed since the count was taken.
  while (match <= ticks(wiring_)) match += period() << 32;
  at_tick(wiring_, match, [this, channel, generation] {
    if (generation != generations_[channel]) return;
    flags_[channel] = true;
    count_from(store_.word(stm::kChannel + 16 * channel + stm::kCompare));
    for (unsigned each = 0; each < kChannels; ++each) schedule(each);
    update(channel);
  });
}

void SystemTimer::clocks_changed() {
  for (unsigned each = 0; each < kChannels; ++each) schedule(each);
}

void SystemTimer::update(unsigned channel) {
  const bool enabled = (store_.word(stm::kChannel + 16 * channel) & 1) != 0;
  set_line(wiring_, interrupts_[channel], flags_[channel] && enabled);
}

PeriodicTimer::PeriodicTimer(const mcu_models::PeripheralModel& model, const Wiring& wiring)
    : RegisterFile(model),
      wiring_(wiring),
      interrupts_(model.interrupts),
      channels_(model.interrupts.size()) {}

bool PeriodicTimer::disabled() const { return (store_.word(pit::kMcr) & pit::kDisable) != 0; }

void PeriodicTimer::reset() {
  RegisterFile::reset();
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    channels_[i] = {.generation = channels_[i].generation + 1};
    update(i);
  }
}

void PeriodicTimer::start(std::size_t index, std::uint64_t tick) {
  Channel& channel = channels_[index];
  const auto base = static_cast<std::uint32_t>(pit::kChannel + 16 * index);
  channel.running = !disabled() && (store_.word(base + pit::kControl) & pit::kEnable) != 0;
  channel.ends = tick + std::uint64_t{store_.word(base + pit::kLoad)} + 1;
  schedule(index);
}

void PeriodicTimer::clocks_changed() {
  for (std::size_t i = 0; i < channels_.size(); ++i) schedule(i);
}

void PeriodicTimer::schedule(std::size_t index) {
  Channel& channel = channels_[index];
  const std::uint64_t generation = ++channel.generation;
  if (!channel.running) return;
  at_tick(wiring_, channel.ends, [this, index, generation] {
    Channel& due = channels_[index];
    if (generation != due.generation) return;
    due.flag = true;
    start(index, due.ends);
    update(index);
  });
}

std::uint32_t PeriodicTimer::read(std::uint32_t offset, unsigned width) {
  const std::uint32_t index = (offset - pit::kChannel) >> 4;
  if (offset < pit::kChannel || index >= channels_.size()) return RegisterFile::read(offset, width);
  const Channel& channel = channels_[index];
  if ((offset & 15) == pit::kFlag) return channel.flag ? 1 : 0;
  if ((offset & 15) != pit::kCurrent) return RegisterFile::read(offset, width);
  const std::uint64_t now = ticks(wiring_);
  return channel.running && channel.ends > now ? static_cast<std::uint32_t>(channel.ends - now - 1) : 0;
}

void PeriodicTimer::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  const std::uint32_t index = (offset - pit::kChannel) >> 4;
  const bool of_channel = offset >= pit::kChannel && index < channels_.size();
  if (of_channel && (offset & 15) == pit::kFlag) {
    if ((value & 1) != 0) channels_[index].flag = false;
    update(index);
    return;
  }
  const bool was_disabled = disabled();
  RegisterFile::write(offset, width, value);
  const std::uint64_t now = ticks(wiring_);
  if (of_channel && (offset & 15) == pit::kControl) {
    const bool wanted = (value & pit::kEnable) != 0;
    if (wanted != channels_[index].running) start(index, now);
    update(index);
  } else if (was_disabled != disabled()) {
    for (std::size_t i = 0; i < channels_.size(); ++i) start(i, now);
  }
}

void PeriodicTimer::update(std::size_t index) {
  const auto control = static_cast<std::uint32_t>(pit::kChannel + 16 * index + pit::kControl);
  set_line(wiring_, interrupts_[index],
           channels_[index].flag && (store_.word(control) & pit::kInterrupt) != 0);
}

SoftwareWatchdog::SoftwareWatchdog(const mcu_models::PeripheralModel& model, const Wiring& wiring,
                                   std::function<void(std::string)> expired)
    : RegisterFile(model),
      name_(model.name),
      wiring_(wiring),
      interrupt_(model.interrupt),
      expired_(std::move(expired)) {}

void SoftwareWatchdog::reset() {
  RegisterFile::reset();
  sequence_ = 0;
  interrupted_ = false;
  set_line(wiring_, interrupt_, false);
  restart();
}

void SoftwareWatchdog::restart() {
  ends_ = ticks(wiring_) + std::max(store_.word(swt::kTo), swt::kLeastTimeout);
  schedule();
}

void SoftwareWatchdog::clocks_changed() { schedule(); }

void SoftwareWatchdog::schedule() {
  const std::uint64_t generation = ++generation_;
  if ((store_.word(swt::kCr) & swt::kEnable) == 0) return;
  at_tick(wiring_, ends_, [this, generation] {
    if (generation == generation_) time_out();
  });
}

void SoftwareWatchdog::time_out() {
  if ((store_.word(swt::kCr) & swt::kInterruptFirst) != 0 && !interrupted_) {
    interrupted_ = true;
    set_line(wiring_, interrupt_, true);
    restart();
    return;
  }
  expired_(fmt::format("watchdog {} was not served for {} of its ticks: a board would reset", name_,
                       std::max(store_.word(swt::kTo), swt::kLeastTimeout)));
}

std::uint32_t SoftwareWatchdog::read(std::uint32_t offset, unsigned width) {
  if (offset == swt::kIr) return interrupted_ ? 1 : 0;
  if (offset == swt::kCo && (store_.word(swt::kCr) & swt::kEnable) != 0)
    return static_cast<std::uint32_t>(ends_ - ticks(wiring_));
  return RegisterFile::read(offset, width);
}

void SoftwareWatchdog::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  const std::uint32_t control = store_.word(swt::kCr);
  switch (offset) {
    case swt::kSr:
      if (sequence_ == swt::kUnlock1 && value == swt::kUnlock2)
        store_.set_word(swt::kCr, control & ~swt::kSoftLock);
      if (sequence_ == swt::kServe1 && value == swt::kServe2) restart();
      sequence_ = value;
      return;
    case swt::kIr:
      if ((value & 1) != 0) {
        interrupted_ = false;
        set_line(wiring_, interrupt_, false);
      }
      return;
    default:
      // Locked registers keep what they hold.
      if ((control & (swt::kSoftLock | swt::kHardLock)) != 0) return;
      RegisterFile::write(offset, width, value);
      if (offset == swt::kCr || offset == swt::kTo) restart();
      return;
  }
}

}  // namespace mcusim::emulator
