#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/units.h"
#include "emulator/timing/spending.h"

namespace mcusim::emulator {

/// What a pipeline made of instructions before (after Schnarr and Larus, "Fast out-of-order processor
/// simulation using memoization", 1998). A segment is a run of instructions from one decision up to and
/// including the instruction of the next; a decision is what a pipeline cannot tell from its state: how a
/// memory answers, where a branch goes, whether an IT block suppresses an instruction, how long a division
/// takes. A segment always takes the same cycles, for it begins in one state of the pipeline; its edges lead
/// from the outcomes of its decision to the segments behind them.
///
/// `Pipeline::State` is trivially copyable without padding.
template <typename Pipeline>
class ReplayGraph {
 public:
  using State = typename Pipeline::State;
  using Ending = typename Pipeline::Ending;
  using Fetches = typename Pipeline::Fetches;
  using Passage = typename Pipeline::Passage;
  static_assert(std::has_unique_object_representations_v<State>);

  /// Where a segment begins.
  struct Entry {
    State state{};
    Address next = 0;          ///< The next instruction in sequence.
    std::uint32_t record = 0;  ///< Behind an access: of the instruction that made it; it may go on.
    std::uint32_t part = 0;    ///< Behind an access: how many it has made. Otherwise what has been decided.
  };
  struct Segment;
  struct Trace;
  struct Edge {
    std::uint32_t outcome = kNoOutcome;
    std::int32_t cycles = 0;  ///< Of the outcome itself.
    Segment* to = nullptr;
    std::uint64_t* uses = nullptr;

    Cycles after(Cycles at) const { return at + static_cast<Cycles>(std::int64_t{cycles}); }
  };
  struct Step {
    std::uint32_t record = 0;  ///< Of the instruction.
    bool suppressed = false;
    std::uint8_t parts = 0;
    std::uint32_t first_part = 0;
  };
  /// What is read most comes first, so that it shares a line of the host's cache.
  struct alignas(64) Segment {
    Cycles cycles = kUnknown;  ///< From its beginning to its decision.
    Ending ending{};
    Fetches fetches{};
    std::array<Edge, 4> edges{};
    std::vector<Edge> more_edges;
    std::unique_ptr<Trace> trace;  ///< That begins here.
    const Entry* entry = nullptr;
    std::uint32_t record = 0;  ///< Of the instruction that is charged with the outcome.
    std::uint32_t first_step = 0, step_count = 0;
  };

  /// What the decision of a segment in a trace is expected to come to.
  struct Expectation {
    std::uint32_t outcome = kNoOutcome;
    std::uint32_t began = 0;           ///< Cycles from the trace's beginning to the segment's.
    typename Pipeline::Check check{};  ///< Whether a decision comes to that, at a glance.
    std::uint32_t cycles = 0;          ///< From the trace's beginning to the decision.
    Ending ending{};
  };
  /// Where a trace may be left: before the decision of a segment.
  struct Exit {
    Segment* segment = nullptr;
    std::uint64_t executed = 0;     ///< Instructions from the trace's beginning to the segment's.
    std::uint64_t* uses = nullptr;  ///< Of the edge that the trace takes.
    std::uint64_t times = 0;        ///< That it was left here.
    Passage passage;                ///< Fetches of the segments before.
  };
  /// Segments one behind the other.
  struct Trace {
    Cycles cycles = 0;       ///< To the decision of the last segment.
    std::uint32_t held = 0;  ///< Pipeline::contents() when the lines of all segments were found to be held.
    std::vector<Expectation> expected;  ///< The last one expects nothing.
    std::vector<Exit> exits;
  };

  static constexpr std::uint32_t kNoOutcome = ~0u;
  /// So long that no deadline is far enough, and no sum overflows.
  static constexpr Cycles kUnknown = Cycles{1} << 62;

  static std::size_t place_of(std::uint32_t outcome) {
    return (outcome ^ outcome >> 2 ^ outcome >> 8 ^ outcome >> 16) & 3;
  }

  /// The segment that begins there: not recorded yet if it is new.
  Segment& at(const Entry& entry) {
    const auto [found, is_new] = segments_.try_emplace(entry);
    if (is_new) {
      found->second.entry = &found->first;
      bytes_ += sizeof(Entry) + sizeof(Segment) + 64;
    }
    return found->second;
  }
  void add_step(Segment& segment, Step step, std::span<const Spending::Part> parts) {
    if (segment.step_count++ == 0) segment.first_step = static_cast<std::uint32_t>(steps_.size());
    step.first_part = static_cast<std::uint32_t>(parts_.size());
    step.parts = static_cast<std::uint8_t>(parts.size());
    parts_.insert(parts_.end(), parts.begin(), parts.end());
    steps_.push_back(step);
    bytes_ += sizeof step + parts.size_bytes();
  }
  std::span<const Step> steps(const Segment& segment) const {
    return {steps_.data() + segment.first_step, segment.step_count};
  }
  /// Steps that are suppressed instructions: the first one can be, because a decision comes before it.
  std::size_t suppressed(const Segment& segment) const {
    return segment.step_count != 0 && steps_[segment.first_step].suppressed ? 1 : 0;
  }
  std::span<const Spending::Part> parts(const Step& step) const {
    return {parts_.data() + step.first_part, step.parts};
  }

  /// The edge of that outcome, or nullptr; from now on it is the one at its place.
  Edge* find(Segment& segment, std::uint32_t outcome) {
    Edge& place = segment.edges[place_of(outcome)];
    if (place.outcome == outcome) return &place;
    for (Edge& edge : segment.more_edges) {
      if (edge.outcome != outcome) continue;
      std::swap(edge, place);
      return &place;
    }
    return nullptr;
  }
  Edge* connect(Segment& from, std::uint32_t outcome, std::span<const Spending::Part> parts, Segment& to) {
    Edge& place = from.edges[place_of(outcome)];
    if (place.outcome != kNoOutcome) from.more_edges.push_back(place);
    std::int32_t cycles = 0;
    for (const Spending::Part& part : parts) cycles += part.cycles;
    edges_.push_back(
        {&from, static_cast<std::uint32_t>(parts_.size()), static_cast<std::uint32_t>(parts.size())});
    parts_.insert(parts_.end(), parts.begin(), parts.end());
    uses_.push_back(0);
    bytes_ += sizeof(Edge) + sizeof(Origin) + sizeof(std::uint64_t) + parts.size_bytes();
    place = {outcome, cycles, &to, &uses_.back()};
    return &place;
  }

  /// A trace is what followed once, from a segment on: alternating addresses and loops that end repeat
  /// themselves in the whole, where each edge by itself could not be told.
  void begin_trace(Segment& first) {
    first_ = &first;
    path_.clear();
  }
  bool records_trace() const { return first_ != nullptr; }
  void extend_trace(const Edge& edge, const Pipeline& pipeline) {
    path_.push_back(edge);
    if (path_.size() == kLongestTrace) end_trace(pipeline);
  }
  /// What follows next is something else. Traces that are not worth while are left out.
  void end_trace(const Pipeline& pipeline) {
    if (first_ != nullptr) [[unlikely]]
      keep_trace(pipeline);
  }

  /// Answers what was replayed since the last call: book(step, its parts, times) and, for the outcomes,
  /// book_outcome(record, parts, times).
  template <typename Book, typename BookOutcome>
  void collect(Book&& book, BookOutcome&& book_outcome) {
    for (Trace* const trace : traces_) {
      std::uint64_t passed = 0;
      for (std::size_t i = trace->exits.size(); i-- > 1;) {
        passed += std::exchange(trace->exits[i].times, 0);
        *trace->exits[i - 1].uses += passed;
      }
      trace->exits[0].times = 0;
    }
    for (std::size_t i = 0; i < uses_.size(); ++i) {
      const std::uint64_t times = std::exchange(uses_[i], 0);
      if (times == 0) continue;
      const Origin& origin = edges_[i];
      for (const Step& step : steps(*origin.from)) book(step, parts(step), times);
      book_outcome(origin.from->record, std::span(parts_.data() + origin.first_part, origin.parts), times);
    }
  }
  void clear() {
    first_ = nullptr;
    traces_.clear();
    segments_.clear();
    steps_.clear();
    parts_.clear();
    edges_.clear();
    uses_.clear();
    bytes_ = 0;
  }
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kLongestTrace = 48;

  [[gnu::noinline]] void keep_trace(const Pipeline& pipeline) {
    Segment* segment = std::exchange(first_, nullptr);
    if (path_.size() < 3) return;
    auto trace = std::make_unique<Trace>();
    Cycles began = 0;
    std::uint64_t executed = 0;
    Passage passage;
    const auto leave_at = [&](const Edge& edge) {
      trace->exits.push_back({segment, executed, edge.uses, 0, passage});
      passage.add(segment->fetches);
      Expectation expectation{.outcome = edge.outcome,
                              .began = static_cast<std::uint32_t>(began),
                              .cycles = static_cast<std::uint32_t>(began + segment->cycles),
                              .ending = segment->ending};
      if (edge.outcome != kNoOutcome) expectation.check = pipeline.check(segment->ending, edge.outcome);
      trace->expected.push_back(expectation);
    };
    Segment& first = *segment;
    for (const Edge& edge : path_) {
      leave_at(edge);
      began = edge.after(began + segment->cycles);
      executed += segment->step_count - suppressed(*segment);
      segment = edge.to;
    }
    leave_at({});
    trace->cycles = began + segment->cycles;
    for (const Exit& exit : trace->exits) bytes_ += sizeof(Exit) + sizeof(Expectation) + exit.passage.bytes();
    traces_.push_back(trace.get());
    first.trace = std::move(trace);
  }

  /// Of an edge, for the account.
  struct Origin {
    const Segment* from;
    std::uint32_t first_part, parts;
  };
  static_assert(std::has_unique_object_representations_v<Entry>);
  struct Hash {
    std::size_t operator()(const Entry& entry) const {
      return std::hash<std::string_view>{}({reinterpret_cast<const char*>(&entry), sizeof entry});
    }
  };
  struct Equal {
    bool operator()(const Entry& a, const Entry& b) const { return std::memcmp(&a, &b, sizeof a) == 0; }
  };

  std::unordered_map<Entry, Segment, Hash, Equal> segments_;
  std::vector<Step> steps_;
  std::vector<Spending::Part> parts_;
  std::vector<Origin> edges_;
  std::vector<Trace*> traces_;
  Segment* first_ = nullptr;        ///< Of the trace that is being recorded.
  std::vector<Edge> path_;          ///< Taken since then.
  std::deque<std::uint64_t> uses_;  ///< By edge, in the order of edges_.
  std::size_t bytes_ = 0;
};

}  // namespace mcusim::emulator
