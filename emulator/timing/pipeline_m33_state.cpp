#include <algorithm>
#include <limits>

#include "emulator/timing/pipeline_m33.h"

namespace mcusim::emulator {
namespace {

/// Of State::line.
constexpr std::int32_t kNone = std::numeric_limits<std::int32_t>::min();
/// Any count that leaves room for those before.
constexpr Cycles kIssued = 16;

}  // namespace

bool PipelineM33::save(State& state, Address next, Cycles cycles) const {
  if (registers_written_) return false;
  bool fits = true;
  const auto still = [&](Cycles time) {
    const Cycles distance = std::max(time, cycles) - cycles;
    fits &= distance <= std::numeric_limits<std::uint8_t>::max();
    return static_cast<std::uint8_t>(distance);
  };
  state = {};
  state.left = {static_cast<std::uint32_t>(left_), static_cast<std::uint32_t>(left_ >> 32)};
  state.not_fetched = not_fetched_;
  state.line = line_ == CachedFlash::kNoLine
                   ? kNone
                   : static_cast<std::int32_t>(line_ - (next >> CachedFlash::kLineShift));
  std::size_t count = 0;
  for (unsigned number = 0; number < fp_ready_.size(); ++number) {
    const State::Register entry{static_cast<std::uint8_t>(number), still(fp_ready_[number]),
                                still(fp_accumulator_ready_[number])};
    if (entry.ready == 0 && entry.accumulator_ready == 0) continue;
    if (count == state.registers.size()) return false;
    state.registers[count++] = entry;
  }
  state.fp_free = still(fp_free_);
  // Only whether it was in the last issue, or the one before, can matter.
  state.code_load = static_cast<std::uint8_t>(std::min<Cycles>(issued_ - code_load_, 2));
  state.system_load = static_cast<std::uint8_t>(std::min<Cycles>(issued_ - system_load_, 2));
  state.division = static_cast<std::uint8_t>(division_);
  if (!redirected_) {
    // In any run of instructions, code uses up at most one word more than cycles pass: more than one beyond
    // the most that counts is as good as that.
    const auto ahead = static_cast<std::int64_t>(cycles - ahead_since_) -
                       static_cast<std::int32_t>((next >> 2) - ahead_word_);
    fits &= ahead >= std::numeric_limits<std::int8_t>::min();
    state.words_ahead = static_cast<std::int8_t>(std::min<std::int64_t>(ahead, parameters_.fetch_words + 2));
  }
  state.redirected = redirected_ ? 1 : 0;
  state.in_flash = in_flash_ ? 1 : 0;
  state.code_on_system_bus = system_bus_size_ == 0 ? 1 : 0;
  return fits;
}

void PipelineM33::restore(const State& state, Address next, const Facts& /*facts*/, Cycles cycles) {
  left_ = state.left[0] | Leaves{state.left[1]} << 32;
  paired_with_ = 0;
  not_fetched_ = state.not_fetched;
  line_ = state.line == kNone
              ? CachedFlash::kNoLine
              : (next >> CachedFlash::kLineShift) + static_cast<CachedFlash::Line>(state.line);
  fp_ready_ = fp_accumulator_ready_ = {};
  for (const State::Register& entry : state.registers) {
    if (entry.ready == 0 && entry.accumulator_ready == 0) break;
    fp_ready_[entry.number] = cycles + entry.ready;
    fp_accumulator_ready_[entry.number] = cycles + entry.accumulator_ready;
  }
  fp_free_ = cycles + state.fp_free;
  issued_ = kIssued;
  code_load_ = issued_ - state.code_load;
  system_load_ = issued_ - state.system_load;
  division_ = state.division;
  const int behind = std::max(0, -state.words_ahead);
  ahead_word_ = (next >> 2) - static_cast<Address>(behind);
  ahead_since_ = cycles - static_cast<Cycles>(std::max<int>(0, state.words_ahead));
  redirected_ = state.redirected != 0;
  in_flash_ = state.in_flash != 0;
  system_bus_size_ = state.code_on_system_bus != 0 ? 0 : kSystemBusSize;
  next_ = next;
}

}  // namespace mcusim::emulator
