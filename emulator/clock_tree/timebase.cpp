#include "emulator/clock_tree/timebase.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "emulator/scheduler.h"

namespace mcusim::emulator::clock_tree {

void Timebase::change(Cycles now, Hertz clock) {
  seconds_ = seconds(now);
  since_ = now;
  clock_ = clock;
}

double Timebase::seconds(Cycles now) const {
  return seconds_ + static_cast<double>(now - since_) / static_cast<double>(clock_);
}

Cycles Timebase::cycle_at(double seconds) const {
  const double cycles = std::ceil((seconds - seconds_) * static_cast<double>(clock_));
  if (!(cycles > 0)) return since_;
  // Beyond 2^63 a double no longer converts, and no run gets there.
  constexpr double kTooFar = 9.2e18;
  if (cycles + static_cast<double>(since_) >= kTooFar) return Scheduler::kNever;
  return since_ + static_cast<Cycles>(cycles);
}

void DomainClock::change(Cycles now, Hertz core, Hertz domain) {
  ticks_ = ticks(now);
  since_ = now;
  const Hertz common = std::gcd(core, domain);
  per_ = core / common;
  domain_ = domain / common;
}

std::uint64_t DomainClock::ticks(Cycles now) const {
  // Split, so that products stay below 2^64 for clocks below 2^32.
  const Cycles passed = now - since_;
  return ticks_ + passed / per_ * domain_ + passed % per_ * domain_ / per_;
}

Cycles DomainClock::cycle_at(std::uint64_t ticks) const {
  if (ticks <= ticks_) return since_;
  const Cycles cycles = cycles_for(ticks - ticks_);
  return cycles > Scheduler::kNever - since_ ? Scheduler::kNever : since_ + cycles;
}

Cycles DomainClock::cycles_for(std::uint64_t ticks) const {
  if (domain_ == 0) return Scheduler::kNever;
  const std::uint64_t whole = ticks / domain_;
  const std::uint64_t rest = (ticks % domain_ * per_ + domain_ - 1) / domain_;
  return whole > (Scheduler::kNever - rest) / per_ ? Scheduler::kNever : whole * per_ + rest;
}

}  // namespace mcusim::emulator::clock_tree
