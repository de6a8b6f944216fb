#include <algorithm>

#include "emulator/timing/pipeline_m4.h"

namespace mcusim::emulator {
namespace {

constexpr Cycles kLongest = 150;

}  // namespace

bool PipelineM4::save(State& state, Address next, Cycles cycles) const {
  const bool in_sequence = next == next_pc_;
  const Address queued = in_sequence ? next_word_ - (next >> 2) : 0;
  if (cycles != now_ || registers_written_ || queued > 8 || now_ < 2 * kNow) return false;
  bool fits = last_start_ + kNow > now_;
  // `over`: a time that is as good as any before it.
  const auto from_now = [&](Cycles time, Cycles over) {
    const Cycles shifted = std::max(time, over) + kNow - now_;
    fits &= shifted < kLongest;
    return static_cast<std::uint8_t>(shifted);
  };
  // A branch looks two cycles back at most, decoding no further than the start of the instruction before.
  state = {
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
      .region = tail_pending_ ? last_region_ : std::uint8_t{0},
      .code_in_flash = code_in_flash_,
      .code_on_system_bus = code_on_system_bus_,
      .streams = streams_,
      .in_sequence = in_sequence,
      .division = static_cast<std::uint8_t>(division_),
      .unused = {},
  };
  for (Address i = 0; i < 4; ++i) {
    const FetchedWord& fetched = queue_[(next_word_ - 4 + i) & 3];
    state.words[i] = {from_now(fetched.start, now_ - 4), from_now(fetched.decodable, last_start_),
                      from_now(now_ + fetched.flash_wait, now_)};
  }
  return fits;
}

void PipelineM4::restore(const State& state, Address next, const Facts& /*facts*/, Cycles cycles) {
  now_ = cycles;
  const auto time = [this](std::uint8_t from_now) { return now_ + from_now - kNow; };
  last_results_ = state.results;
  last_loads_ = state.loads;
  last_fp_results_ = state.fp_results;
  next_pc_ = state.in_sequence != 0 ? next : kNowhere;
  next_word_ = (next >> 2) + state.queued;
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
  division_ = state.division;
  if (code_in_flash_) fetched_line_ = flash_->line_of(flash_offset((next_word_ - 1) << 2));
}

void PipelineM4::Passage::add(const Fetches& fetches) {
  for (unsigned i = 0; i < fetches.line_count; ++i) {
    const std::uint32_t line = fetches.lines[i];
    if (uses.empty())
      first = line;
    else if (uses.lines().back() != line)
      ++changes;
    uses.use(line);
  }
}

}  // namespace mcusim::emulator
