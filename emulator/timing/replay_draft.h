#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "common/units.h"
#include "emulator/timing/replay_account.h"
#include "emulator/timing/replay_graph.h"
#include "emulator/timing/spending.h"

namespace mcusim::emulator {

/// A segment of a ReplayGraph while its instructions are being worked out for the first time.
template <typename Pipeline>
class ReplayDraft {
  using Graph = ReplayGraph<Pipeline>;
  using Segment = typename Graph::Segment;
  using Step = typename Graph::Step;

 public:
  void begin(Segment& segment, Cycles cycles) {
    segment_ = &segment;
    began_ = cycles;
    steps_.clear();
    parts_.clear();
  }
  /// What follows is not known to follow again, or is too much.
  void abandon() { segment_ = nullptr; }

  void add(Step step, std::span<const Spending::Part> parts) {
    if (segment_ == nullptr) return;
    if (steps_.size() == kMostSteps) return abandon();
    step.first_part = static_cast<std::uint32_t>(parts_.size());
    step.parts = static_cast<std::uint8_t>(parts.size());
    parts_.insert(parts_.end(), parts.begin(), parts.end());
    steps_.push_back(step);
  }

  /// The decision of instruction `number` ends it. Answers nullptr if there was none, or it is not sure to
  /// repeat itself.
  Segment* finish(std::uint32_t number, const typename Pipeline::Ending& ending,
                  const typename Pipeline::Fetches* fetches, Cycles cycles, Graph& graph,
                  ReplayAccount<typename Pipeline::Facts>& account) {
    Segment* const segment = std::exchange(segment_, nullptr);
    if (segment == nullptr || fetches == nullptr) return nullptr;
    segment->cycles = cycles - began_;
    segment->fetches = *fetches;
    segment->ending = ending;
    for (const Step& step : steps_) {
      account[step.record].in_graph = true;
      graph.add_step(*segment, step, std::span(parts_).subspan(step.first_part, step.parts));
    }
    segment->record = number;
    return segment;
  }

 private:
  static constexpr std::size_t kMostSteps = 255;

  Segment* segment_ = nullptr;  ///< nullptr: none.
  Cycles began_ = 0;
  std::vector<Step> steps_;
  std::vector<Spending::Part> parts_;
};

}  // namespace mcusim::emulator
