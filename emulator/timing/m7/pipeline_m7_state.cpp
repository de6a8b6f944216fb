#include <algorithm>
#include <limits>

#include "emulator/timing/m7/pipeline_m7.h"
#include "emulator/timing/m7/pipeline_m7_facts.h"

namespace mcusim::emulator {

using namespace m7;

namespace {

/// Before this there is nothing that times could count back to.
constexpr Cycles kBeginning = 512;

}  // namespace

/// When the next chunk is fetched, if its place in the queue is free.
Cycles PipelineM7::next_fetch() const { return restarts_ ? restart_at_ : chunk_ready_ + 1; }

bool PipelineM7::save(State& state, Address next, Cycles cycles) const {
  const bool jumps = branch_ == Branch::indirect;
  if (cycles != now_ || registers_written_ || (branch_ != Branch::none && !jumps) || now_ < kBeginning)
    return false;
  bool fits = true;
  const auto from_now = [&](Cycles time) {
    const auto distance = static_cast<std::int64_t>(time - now_);
    fits &= distance >= std::numeric_limits<std::int8_t>::min() &&
            distance <= std::numeric_limits<std::int8_t>::max();
    return static_cast<std::int8_t>(distance);
  };
  // Whoever asks comes now or later, and finds everything over that was ready in the cycle before.
  const Cycles over = now_ - 1;
  const auto still = [&](Cycles ready) {
    const Cycles distance = std::max(ready, over) - over;
    fits &= distance <= std::numeric_limits<std::uint8_t>::max();
    return static_cast<std::uint8_t>(distance);
  };

  state = {};
  std::size_t count = 0;
  for (unsigned number = 0; number < ready_.size(); ++number) {
    const Ready& ready = ready_[number];
    State::Register entry{static_cast<std::uint8_t>(number), StallCause::issue, {}};
    std::uint8_t latest = 0;
    for (unsigned need = 0; need < entry.ready.size(); ++need) {
      entry.ready[need] = still(ready.late + static_cast<Cycles>(ready.more[need]));
      latest = std::max(latest, entry.ready[need]);
    }
    if (latest == 0) continue;
    if (latest > 1) entry.producer = ready.producer;  // Otherwise nothing can be waiting for it.
    if (count == state.registers.size()) return false;
    state.registers[count++] = entry;
  }
  state.fp_mac_window = still(fp_mac_window_);
  state.flags_set = from_now(std::max(flags_set_, over - parameters_.early_flags));

  state.in_sequence = next == next_pc_ ? 1 : 0;
  state.restarts = restarts_ ? 1 : 0;
  if (restarts_) {
    state.restart_at = from_now(restart_at_);
    state.fetch_cause = restart_cause_;
  } else if (state.in_sequence != 0) {
    const auto chunk = static_cast<std::int32_t>(chunk_ - (next >> 3));
    state.chunk = static_cast<std::int16_t>(chunk);
    fits &= chunk == state.chunk;
    state.chunk_ready = from_now(chunk_ready_);
    if (chunk_ready_ > now_) state.fetch_cause = chunk_cause_;
  }
  if (restarts_ || state.in_sequence != 0) {
    for (unsigned i = 0; i < chunk_issued_.size(); ++i)
      state.chunk_issued[i] =
          from_now(std::max(chunk_issued_[(sequence_ + 1 + i) & 3], next_fetch() - parameters_.fetch_reuse));
  }
  state.missing_short = static_cast<std::int8_t>(missing_short_);
  fits &= missing_short_ == state.missing_short;

  state.open = open_ ? 1 : 0;
  if (open_) {
    state.blocks = blocks_;
    state.older_properties = older_properties_;
    state.older_waited = older_waited_ ? 1 : 0;
    state.older_bank = static_cast<std::uint8_t>(older_bank_);
  }
  state.stored = stored_ ? 1 : 0;
  state.jumps = jumps ? 1 : 0;
  if (jumps) state.jump_issue = from_now(branch_issue_);
  return fits;
}

void PipelineM7::restore(const State& state, Address next, const Facts& facts, Cycles cycles) {
  now_ = cycles;
  const auto time = [this](std::int8_t from_now) {
    return now_ + static_cast<Cycles>(std::int64_t{from_now});
  };
  const Cycles over = now_ - 1;
  ready_ = {};
  for (const State::Register& entry : state.registers) {
    if (entry.ready == std::array<std::uint8_t, 4>{}) break;
    Ready& ready = ready_[entry.number];
    ready.late = over + entry.ready[0];
    for (unsigned need = 0; need < entry.ready.size(); ++need)
      ready.more[need] = static_cast<std::int8_t>(entry.ready[need] - entry.ready[0]);
    ready.producer = entry.producer;
  }
  fp_mac_window_ = over + state.fp_mac_window;
  flags_set_ = time(state.flags_set);

  next_pc_ = state.in_sequence != 0 ? next : 1;
  restarts_ = state.restarts != 0;
  restart_at_ = time(state.restart_at);
  restart_cause_ = chunk_cause_ = state.fetch_cause;
  chunk_ = (next >> 3) + static_cast<Address>(std::int32_t{state.chunk});
  chunk_ready_ = time(state.chunk_ready);
  sequence_ = 3;
  for (unsigned i = 0; i < chunk_issued_.size(); ++i) chunk_issued_[i] = time(state.chunk_issued[i]);
  missing_short_ = state.missing_short;

  open_ = state.open != 0;
  blocks_ = state.blocks;
  older_properties_ = state.older_properties;
  older_waited_ = state.older_waited != 0;
  older_bank_ = state.older_bank;
  stored_ = state.stored != 0;
  branch_ = state.jumps != 0 ? Branch::indirect : Branch::none;
  branch_issue_ = time(state.jump_issue);
  taken_ = last_is_younger_ = false;
  last_ = &facts;
}

}  // namespace mcusim::emulator
