#include <algorithm>

#include "emulator/timing/pipeline_m4.h"

namespace mcusim::emulator {
namespace {

constexpr Cycles kLongest = 150;

}  // namespace

std::uint32_t PipelineM4::number_of_state() {
  if (!remembers_ || registers_written_) return Memo::kUnknown;
  const Address queued = next_word_ - (behind_ >> 2);
  if (queued > 8 || now_ < 2 * kNow) return Memo::kUnknown;
  bool fits = last_start_ + kNow > now_;
  // `over`: a time that is as good as any before it.
  const auto from_now = [&](Cycles time, Cycles over) {
    const Cycles shifted = std::max(time, over) + kNow - now_;
    fits &= shifted < kLongest;
    return static_cast<std::uint8_t>(shifted);
  };
  // A branch looks two cycles back at most, decoding no further than the start of the instruction before.
  State state{
      .results = last_results_,
      .loads = last_loads_,
      .fp_results = last_fp_results_,
      .words = {},
      .queued = static_cast<std::uint8_t>(queued),
      .bus_free = from_now(bus_free_, last_start_ - 1),
      .last_start = from_now(last_start_, last_start_),
      .fp_free = from_now(fp_free_, now_),
      .last_slots = static_cast<std::uint8_t>(last_slots_),
      .last_kind = static_cast<std::uint8_t>(last_kind_),
      .tail_pending = tail_pending_,
      .chained = chained_,
      .region = last_region_,
      .code_in_flash = code_in_flash_,
      .code_on_system_bus = code_on_system_bus_,
      .streams = streams_,
  };
  for (Address i = 0; i < 4; ++i) {
    const FetchedWord& fetched = word(next_word_ - 4 + i);
    state.words[i] = {from_now(fetched.start, now_ - 4), from_now(fetched.decodable, last_start_),
                      from_now(now_ + fetched.flash_wait, now_)};
  }
  return fits ? memo_.number_of(state) : Memo::kUnknown;
}

void PipelineM4::recall() {
  if (state_ == Memo::kUnknown) return;
  const State& state = memo_.state(state_);
  state_ = Memo::kUnknown;
  const auto time = [this](std::uint8_t from_now) { return now_ + from_now - kNow; };
  last_results_ = state.results;
  last_loads_ = state.loads;
  last_fp_results_ = state.fp_results;
  next_word_ = (behind_ >> 2) + state.queued;
  for (Address i = 0; i < 4; ++i) {
    const State::Word& from = state.words[i];
    word(next_word_ - 4 + i) = {time(from.start), time(from.decodable), Cycles{from.flash_wait} - kNow};
  }
  bus_free_ = time(state.bus_free);
  last_start_ = time(state.last_start);
  fp_free_ = time(state.fp_free);
  last_slots_ = state.last_slots;
  last_kind_ = static_cast<Kind>(state.last_kind);
  tail_pending_ = state.tail_pending != 0;
  chained_ = state.chained != 0;
  last_region_ = state.region;
  streams_ = state.streams != 0;
  code_in_flash_ = state.code_in_flash != 0;
  code_on_system_bus_ = state.code_on_system_bus != 0;
}

Cycles PipelineM4::work_out(const Facts& facts, Address pc, Cycles cycles) {
  const std::uint32_t from = cycles == now_ ? state_ : Memo::kUnknown;
  const bool redirected = pc != next_pc_;
  const std::uint64_t key = Memo::key(from, pc, redirected);
  recall();
  const std::uint32_t line = code_in_flash_ ? flash_->line_of(flash_offset((next_word_ - 1) << 2)) : 0;
  const bool in_line = code_in_flash_ && !redirected;
  entered_count_ = 0;
  waited_for_line_ = false;
  const Cycles before = now_;
  const StallCycles stalls_before = stalls_;
  execute(facts, pc, cycles);
  state_ = number_of_state();
  if (from == Memo::kUnknown || state_ == Memo::kUnknown || facts.kind == Kind::divide || waited_for_line_ ||
      entered_count_ > 2 || now_ - before > 255)
    return now_;
  // In a row, the line that was fetched from last is still the current one.
  if (in_line && entered_count_ != 0 && entered_[0] == line) {
    entered_[0] = entered_[1];
    --entered_count_;
  }
  Memo::Step step{.key = key, .next = state_, .cycles = static_cast<std::uint8_t>(now_ - before)};
  step.lines = static_cast<std::uint8_t>(entered_count_);
  step.line = entered_;
  const StallCycles spent = stalls_ - stalls_before;
  std::size_t causes = 0;
  for (std::size_t i = 0; i < spent.by_cause.size(); ++i) {
    if (spent.by_cause[i] == 0) continue;
    if (causes == step.cause.size()) return now_;
    step.cause[causes] = static_cast<std::uint8_t>(i);
    step.of_cause[causes++] = static_cast<std::uint8_t>(spent.by_cause[i]);
  }
  memo_.record(step, stalls_);
  return now_;
}

Cycles PipelineM4::work_out_access(Address address, unsigned width, bool is_store) {
  recall();
  execute_access(address, width, is_store);
  state_ = number_of_state();
  return now_;
}

Cycles PipelineM4::access_otherwise(const State& state, std::uint8_t region, Address address, unsigned width,
                                    bool is_store) {
  if (region == in_device || state.code_on_system_bus != 0 || (address & 3) + width > 4)
    return work_out_access(address, width, is_store);
  const Cycles change = state.chained != 0 && region != state.region ? parameters_.load_tail : 0;
  const Cycles wait =
      region == in_flash && !is_store ? flash_->data(flash_offset(address), now_ + change) : 0;
  if (wait + change == 0 && region == state.region) return now_;
  stalls_[StallCause::bus] += change;
  stalls_[StallCause::flash_data] += wait;
  const std::uint32_t from = state_;
  const Cycles longer = change + wait;
  const bool fits = longer <= 255;
  if (fits) state_ = memo_.after_access(from, region, static_cast<std::uint8_t>(longer));
  if (fits && state_ != Memo::kUnknown) return now_ += longer;
  state_ = from;
  recall();
  chained_ = false;
  last_region_ = region;
  now_ += longer;
  state_ = number_of_state();
  if (fits) memo_.after_access(from, region, static_cast<std::uint8_t>(longer)) = state_;
  return now_;
}

}  // namespace mcusim::emulator
