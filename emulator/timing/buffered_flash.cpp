#include "emulator/timing/buffered_flash.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "common/error.h"

namespace mcusim::emulator {

BufferedFlash::BufferedFlash(const mcu_models::McuModel& mcu, ReadRegister read_register)
    : timing_(*mcu.flash_timing),
      line_shift_(static_cast<unsigned>(std::countr_zero(timing_.read_bits / 8))),
      read_register_(std::move(read_register)) {
  const auto refuse = [&](const char* name) {
    throw InputError(
        fmt::format("{}: caches.{} is not of the kind that full timing models for {}, use --timing table",
                    mcu.name, name, mcu.core.name));
  };
  if (const auto found = mcu.caches.find("ICACHE"); found != mcu.caches.end()) {
    const mcu_models::CacheModel& model = found->second;
    lines_ = static_cast<unsigned>(model.size / model.line);
    if (model.line != timing_.read_bits / 8 || model.ways != lines_ || lines_ > kMostLines ||
        model.replacement != mcu_models::Replacement::lru)
      refuse("ICACHE");
    keep_enable_ = model.enable;
  }
  if (const auto found = mcu.caches.find("DATA"); found != mcu.caches.end()) {
    if (found->second.size != timing_.read_bits / 8) refuse("DATA");
  }
}

void BufferedFlash::refresh() {
  const auto bits = [this](const mcu_models::RegisterBits& field) {
    const std::uint32_t value = read_register_(field.address) >> field.shift;
    return field.width >= 32 ? value : value & ((1u << field.width) - 1);
  };
  wait_states_ = bits(timing_.latency);
  prefetch_ = timing_.prefetch && bits(*timing_.prefetch) != 0;
  keeps_ = lines_ != 0 && (!keep_enable_ || bits(*keep_enable_) != 0);
}

void BufferedFlash::reset() {
  kept_.fill(kNoLine);
  current_ = ahead_ = data_line_ = kNoLine;
  port_free_ = 0;
  instruction_counters_ = data_counters_ = {};
  refresh();
}

// Puts the line in front; what it displaces is the one used longest ago.
void BufferedFlash::keep(Line line) {
  if (!keeps_ || line == kNoLine || holds(line)) return;
  std::rotate(kept_.begin(), kept_.begin() + lines_ - 1, kept_.begin() + lines_);
  kept_[0] = line;
}

// Takes the line out, whose place the line in use so far will have.
bool BufferedFlash::take(Line line) {
  if (!keeps_) return false;
  const auto end = kept_.begin() + lines_, place = std::find(kept_.begin(), end, line);
  if (place == end) return false;
  std::rotate(place, place + 1, end);
  *(end - 1) = kNoLine;
  return true;
}

// A read ahead that has ended is kept like any other line.
void BufferedFlash::settle(Cycles at) {
  if (ahead_ == kNoLine || !keeps_ || at < read_end(ahead_start_)) return;
  keep(ahead_);
  ahead_ = kNoLine;
}

void BufferedFlash::read_ahead(Line line, Cycles at) {
  if (!prefetch_ || holds(line) || ahead_ == line) return;
  ahead_ = line;
  ahead_start_ = std::max(at, port_free_);
  port_free_ = read_end(ahead_start_);
}

bool BufferedFlash::holds(Line line) const {
  return keeps_ && std::find(kept_.begin(), kept_.begin() + lines_, line) != kept_.begin() + lines_;
}

Cycles BufferedFlash::fetch(Line line, Cycles at) {
  settle(at);
  ++instruction_counters_.accesses;
  Cycles wait = 0;
  if (ahead_ == line) {
    const Cycles delivered = ahead_start_ + wait_states_;
    wait = delivered > at ? delivered - at : 0;
    ahead_ = kNoLine;
  } else if (!take(line)) {
    ++instruction_counters_.misses;
    if (ahead_ != kNoLine && ahead_start_ > at) {  // It has not begun.
      port_free_ = ahead_start_;
      ahead_ = kNoLine;
    }
    const Cycles start = std::max(at, port_free_);
    port_free_ = read_end(start);
    wait = start - at + wait_states_;
    settle(start);
  }
  keep(current_);
  current_ = line;
  read_ahead(line + 1, at + wait + 1);
  return wait;
}

Cycles BufferedFlash::data(Address address, Cycles at) {
  const bool read = !has_read(address);
  note_data(address);
  return read ? read_data(at) : 0;
}

void BufferedFlash::note_data(Address address) {
  ++data_counters_.accesses;
  if (!has_read(address)) ++data_counters_.misses;
  data_line_ = line_of(address);
}

Cycles BufferedFlash::read_data(Cycles at) {
  settle(at);
  const bool preempted = ahead_ != kNoLine && at < read_end(ahead_start_);
  const Cycles start = preempted ? at : std::max(at, port_free_);
  port_free_ = read_end(start);
  if (preempted) {
    ahead_start_ = port_free_;
    port_free_ = read_end(ahead_start_);
  }
  return start - at + wait_states_;
}

bool BufferedFlash::save(State& state, Cycles earliest) const {
  state.kept = kept_;
  state.current = current_;
  state.ahead = ahead_;
  state.wait_states = static_cast<std::uint16_t>(wait_states_);
  state.prefetch = prefetch_ ? 1 : 0;
  state.keeps = keeps_ ? 1 : 0;
  bool fits = earliest > wait_states_ + 1;
  const auto from_earliest = [&](Cycles time) {
    const auto distance = static_cast<std::int64_t>(time - earliest);
    fits &= distance >= std::numeric_limits<std::int16_t>::min() &&
            distance <= std::numeric_limits<std::int16_t>::max();
    return static_cast<std::int16_t>(distance);
  };
  // A read that is over is as good as one that has just ended.
  state.ahead_start = ahead_ == kNoLine ? std::int16_t{0}
                                        : from_earliest(std::max(ahead_start_, earliest - 1 - wait_states_));
  state.port_free = from_earliest(std::max(port_free_, earliest));
  return fits;
}

void BufferedFlash::restore(const State& state, Cycles earliest) {
  const auto time = [earliest](std::int16_t distance) {
    return earliest + static_cast<Cycles>(std::int64_t{distance});
  };
  kept_ = state.kept;
  current_ = state.current;
  ahead_ = state.ahead;
  ahead_start_ = time(state.ahead_start);
  port_free_ = time(state.port_free);
}

}  // namespace mcusim::emulator
