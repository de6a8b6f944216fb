#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "common/units.h"
#include "emulator/timing/beyond_one_cycle.h"
#include "emulator/timing/moment.h"
#include "emulator/timing/replay_account.h"
#include "emulator/timing/replay_cursor.h"
#include "emulator/timing/replay_draft.h"
#include "emulator/timing/replay_graph.h"
#include "emulator/timing/spending.h"
#include "emulator/timing/stall_cause.h"

namespace mcusim::emulator {

/// A pipeline that need not work out again what it made of the same instructions before, with the account of
/// every instruction. The results are those of the pipeline alone, to the cycle.
///
/// While replaying() the counter that the functions answer stands at the beginning of the segment: it is
/// at each instruction boundary on the same side of the deadline as the exact one, and exact after settle().
/// decided() tells the exact one.
///
/// The pipeline consists of what this class remembers, and of what it asks anew each time, as caches and
/// predictors: what those answer are outcomes. See PipelineM7.
template <typename Pipeline>
class Replay {
  using Graph = ReplayGraph<Pipeline>;
  using Segment = typename Graph::Segment;
  using Edge = typename Graph::Edge;
  using Entry = typename Graph::Entry;
  using Step = typename Graph::Step;
  using Trace = typename Graph::Trace;
  using Exit = typename Graph::Exit;
  using Expectation = typename Graph::Expectation;
  enum class Decision : std::uint8_t { access, branch, jump, condition, division };

 public:
  using Facts = typename Pipeline::Facts;

  using Record = typename ReplayAccount<Facts>::Record;

  template <typename... Arguments>
  explicit Replay(Arguments&&... arguments) : pipeline_(std::forward<Arguments>(arguments)...) {}

  Pipeline& pipeline() { return pipeline_; }
  const Pipeline& pipeline() const { return pipeline_; }

  void reset() {
    forget();
    account_.clear();
    replayed_ = 0;
    pipeline_.reset();
  }
  /// Off: everything is worked out anew, which takes longer and has the same results.
  void remember(bool on) { remembers_ = on; }
  bool replaying() const { return replaying_; }
  /// On: nothing is expected as a whole, so that accessing() is known. Settled.
  void follow_accesses(bool on) {
    forget();
    begins_traces_ = !on;
  }
  /// Where the instruction is whose data access the pipeline carries out; 0: it is an exception's.
  Address accessing() const { return account_.records()[replaying_ ? segment_->record : accessing_].pc; }

  /// A number for the instruction at `pc`. One that was announced there before counts as overwritten.
  std::uint32_t enlist(Address pc, const Facts& facts, InstructionClass instruction_class) {
    const std::uint32_t number = account_.number_of(pc);
    Record& record = account_[number];
    if (record.in_graph) forget();
    account_.replace(record, facts, instruction_class);
    return number;
  }

  /// Each answers the counter behind. While replaying() nothing is to be done for issue().
  Cycles issue(std::uint32_t number, bool suppressed, Cycles cycles) {
    cycles = work_out({number, suppressed}, cycles, true);
    draft_.add({number, suppressed}, pipeline_.spent().parts());
    return cycles;
  }
  // What is expected in a trace is seen at a glance, where the interpreter stands. Everything else is in
  // functions of their own with all arguments in registers, which end in a call of the slower case: so the
  // interpreter keeps its registers, and none of them saves any.
  template <unsigned kWidth, bool kIsStore>
  [[gnu::always_inline]] Cycles access(std::uint32_t number, Address address, Cycles cycles, Cycles deadline,
                                       std::uint64_t executed) {
    if (kIsStore ? pipeline_.template stores_as_expected<kWidth>(cursor_.expected().check, address,
                                                                 cycles + cursor_.expected().cycles)
                 : pipeline_.template loads_as_expected<kWidth>(cursor_.expected().check, address))
        [[likely]] {
      cursor_.advance();
      return cycles;
    }
    return access_in_trace<kWidth, kIsStore>(number, address, cycles, deadline, executed);
  }
  /// A direct branch goes to `next`; `taken` if not because of its condition it goes on.
  template <bool kTaken>
  [[gnu::always_inline]] Cycles branch(std::uint32_t number, Address next, Cycles cycles, Cycles deadline,
                                       std::uint64_t executed) {
    if (pipeline_.template branches_as_expected<kTaken>(cursor_.expected().check, cursor_.expected().outcome))
        [[likely]] {
      cursor_.advance();
      return cycles;
    }
    return branch_in_trace<kTaken>(number, next, cycles, deadline, executed);
  }
  /// A branch to an address that is not in the code.
  [[gnu::always_inline]] Cycles jump(std::uint32_t number, Address next, Moment now) {
    return decide<Decision::jump>(next, number, now);
  }
  /// Whether the instruction in an IT block at `pc` is going to be issued or suppressed.
  [[gnu::always_inline]] Cycles condition(bool passed, Address pc, Moment now) {
    return decide<Decision::condition>(passed ? 1 : 0, pc, now);
  }
  /// The instruction at `pc`, which is issued next, divides and takes so many cycles.
  Cycles division(unsigned cycles, Address pc, Moment now) {
    return decide<Decision::division>(cycles, pc, now);
  }

  /// From here on the counter and the pipeline are exact, until the next decision.
  Cycles settle(Moment now) {
    draft_.abandon();
    accessing_ = 0;
    if (!replaying()) return now.cycles;
    now.cycles = leave_trace(now.cycles);
    replaying_ = false;
    return step_through(*segment_, now.executed - begun_ + graph_.suppressed(*segment_), now.cycles, true);
  }
  /// Directly behind a decision: the exact counter.
  Cycles decided(Cycles cycles) const { return cycles + cursor_.expected().began; }
  /// What is announced does not follow from what was decided.
  void break_off() { draft_.abandon(); }
  /// Time that passed asleep, charged to the instruction; settled.
  void sleep(std::uint32_t number, Cycles cycles) {
    account_.sleep(number, cycles);
    pipeline_.sleep(cycles);
  }

  /// See BookedCycles.
  void follow_bookings(std::vector<Spending::Part>* parts) { account_.follow_bookings(parts); }

  /// Cycles by cause up to the counter `now`; settled. What no instruction was charged with is `exception`.
  StallCycles stalls(Cycles now) {
    collect();
    StallCycles stalls = account_.total();
    stalls[StallCause::exception] += now - stalls.sum();
    return stalls;
  }
  /// Of each instruction that was announced, in no order.
  const std::deque<Record>& records() {
    collect();
    return account_.records();
  }
  BeyondOneCycle beyond_one_cycle() {
    collect();
    return account_.beyond_one_cycle();
  }
  /// Instructions that were not worked out anew.
  std::uint64_t replayed() {
    collect();
    return replayed_;
  }

 private:
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;
  static constexpr std::uint64_t kOften = 128;  ///< Taken so often, an edge may lead to a new trace.

  template <unsigned kWidth, bool kIsStore>
  [[gnu::noinline]] Cycles access_in_trace(std::uint32_t number, Address address, Cycles cycles,
                                           Cycles deadline, std::uint64_t executed) {
    const Expectation& expected = cursor_.expected();
    const Cycles at = cycles + expected.cycles;
    if (pipeline_.expect(expected.ending, address, kWidth, kIsStore, at) == expected.outcome) [[likely]] {
      if (pipeline_.touches_code(address, kIsStore)) cursor_.catch_up(pipeline_);
      pipeline_.carry_out(expected.ending, address, kWidth, kIsStore, at);
      cursor_.advance();
      return cycles;
    }
    return access_alone<kWidth, kIsStore>(number, address, cycles, deadline, executed);
  }
  template <bool kTaken>
  [[gnu::noinline]] Cycles branch_in_trace(std::uint32_t number, Address next, Cycles cycles, Cycles deadline,
                                           std::uint64_t executed) {
    const Expectation& expected = cursor_.expected();
    if (pipeline_.expect_branch(expected.ending, kTaken) == expected.outcome) [[likely]] {
      pipeline_.carry_out_branch(expected.ending, kTaken);
      cursor_.advance();
      return cycles;
    }
    return branch_alone<kTaken>(number, next, cycles, deadline, executed);
  }

  // The segment that is being replayed, by itself: the trace ends here, or something else is to happen.
  template <unsigned kWidth, bool kIsStore>
  [[gnu::noinline]] Cycles access_alone(std::uint32_t number, Address address, Cycles cycles, Cycles deadline,
                                        std::uint64_t executed) {
    if (replaying()) [[likely]] {
      cycles = leave_trace(cycles);
      const Segment& from = *segment_;
      const Cycles at = cycles + from.cycles;
      const std::uint32_t outcome = pipeline_.expect(from.ending, address, kWidth, kIsStore, at);
      const Edge& edge = from.edges[Graph::place_of(outcome)];
      if (edge.outcome == outcome && follows_at_once(edge, at, deadline)) [[likely]] {
        pipeline_.fetched(from.fetches);
        pipeline_.carry_out(from.ending, address, kWidth, kIsStore, at);
        return follow(edge, at, deadline, executed);
      }
    }
    return access_slowly<kWidth, kIsStore>(number, address, cycles, deadline, executed);
  }
  template <bool kTaken>
  [[gnu::noinline]] Cycles branch_alone(std::uint32_t number, Address next, Cycles cycles, Cycles deadline,
                                        std::uint64_t executed) {
    if (replaying()) [[likely]] {
      cycles = leave_trace(cycles);
      const Segment& from = *segment_;
      const Cycles at = cycles + from.cycles;
      const std::uint32_t outcome = pipeline_.expect_branch(from.ending, kTaken);
      const Edge& edge = from.edges[Graph::place_of(outcome)];
      if (edge.outcome == outcome && follows_at_once(edge, at, deadline)) [[likely]] {
        pipeline_.fetched(from.fetches);
        pipeline_.carry_out_branch(from.ending, kTaken);
        return follow(edge, at, deadline, executed);
      }
    }
    return branch_slowly<kTaken>(number, next, cycles, deadline, executed);
  }

  /// Answers the counter at the beginning of the segment, as if it were replayed by itself.
  [[gnu::always_inline]] Cycles leave_trace(Cycles cycles) {
    if (!cursor_.in_trace()) return cycles;
    cycles += cursor_.expected().began;
    const Exit& exit = cursor_.leave(pipeline_);
    segment_ = exit.segment;
    begun_ += exit.executed;
    return cycles;
  }
  [[gnu::always_inline]] bool follows_at_once(const Edge& edge, Cycles at, Cycles deadline) const {
    const Cycles after = edge.after(at);
    return after + edge.to->cycles < deadline && pipeline_.holds_still(edge.to->fetches, after);
  }
  [[gnu::always_inline]] Cycles follow(const Edge& edge, Cycles at, Cycles deadline,
                                       std::uint64_t executed) {
    const std::uint64_t uses = ++*edge.uses;
    Segment& to = *edge.to;
    const Cycles after = edge.after(at);
    segment_ = &to;
    begun_ = executed;
    if (graph_.records_trace()) [[unlikely]] {
      graph_.extend_trace(edge, pipeline_);
    } else if (to.trace != nullptr) {
      if (after + to.trace->cycles < deadline && holds(*to.trace, after)) {
        cursor_.enter(*to.trace);
      }
    } else if (uses % kOften == 0 && begins_traces_ && graph_.bytes() < kMostBytes) {
      graph_.begin_trace(to);
    }
    return after;
  }
  [[gnu::always_inline]] bool holds(Trace& trace, Cycles cycles) {
    // No fetch is further back.
    constexpr Cycles kBack = 128;
    return (trace.held == pipeline_.contents() && cycles >= pipeline_.filled() + kBack) ||
           look_for(trace, cycles);
  }
  [[gnu::noinline]] bool look_for(Trace& trace, Cycles cycles) {
    for (std::size_t i = 0; i < trace.exits.size(); ++i)
      if (!pipeline_.holds(trace.exits[i].segment->fetches, cycles + trace.expected[i].began)) return false;
    trace.held = pipeline_.contents();
    return true;
  }
  bool enterable(Segment& segment, Cycles cycles, Cycles deadline) {
    return cycles + segment.cycles < deadline && pipeline_.holds(segment.fetches, cycles);
  }

  template <unsigned kWidth, bool kIsStore>
  [[gnu::noinline]] Cycles access_slowly(std::uint32_t number, Address address, Cycles cycles,
                                         Cycles deadline, std::uint64_t executed) {
    if (kIsStore && pipeline_.changed_by_store(address)) cycles = settle({cycles, deadline, executed});
    if (!replaying()) return access_first(number, address, kWidth, kIsStore, {cycles, deadline, executed});
    const Segment& from = *segment_;
    cycles += from.cycles;
    pipeline_.fetched(from.fetches);
    const std::uint32_t outcome = pipeline_.observe(from.ending, address, kWidth, kIsStore, cycles);
    return follow_slowly<Decision::access>(outcome, 0, cycles, deadline, executed);
  }
  template <bool kTaken>
  [[gnu::noinline]] Cycles branch_slowly(std::uint32_t number, Address next, Cycles cycles, Cycles deadline,
                                         std::uint64_t executed) {
    if (!replaying()) return branch_first(number, kTaken, next, {cycles, deadline, executed});
    const Segment& from = *segment_;
    pipeline_.fetched(from.fetches);
    const std::uint32_t outcome = pipeline_.expect_branch(from.ending, kTaken);
    pipeline_.carry_out_branch(from.ending, kTaken);
    return follow_slowly<Decision::branch>(outcome, next, cycles + from.cycles, deadline, executed);
  }
  // `who`: the number of an instruction that jumps, the address of another.
  template <Decision kDecision>
  [[gnu::always_inline]] Cycles decide(std::uint32_t outcome, std::uint32_t who, Moment now) {
    if (cursor_.expected().outcome == outcome) [[likely]] {
      cursor_.advance();
      return now.cycles;
    }
    return decide_alone<kDecision>(outcome, who, now.cycles, now.deadline, now.executed);
  }
  template <Decision kDecision>
  [[gnu::noinline]] Cycles decide_alone(std::uint32_t outcome, std::uint32_t who, Cycles cycles,
                                        Cycles deadline, std::uint64_t executed) {
    const Address next = kDecision == Decision::jump ? outcome : who;
    if (!replaying()) {
      const std::uint32_t number = kDecision == Decision::jump ? who : 0;
      return decide_first(kDecision, number, outcome, next, {cycles, deadline, executed});
    }
    cycles = leave_trace(cycles);
    const Segment& from = *segment_;
    const Cycles at = cycles + from.cycles;
    pipeline_.fetched(from.fetches);
    const Edge& edge = from.edges[Graph::place_of(outcome)];
    if (edge.outcome == outcome && follows_at_once(edge, at, deadline)) [[likely]]
      return follow(edge, at, deadline, executed);
    return follow_slowly<kDecision>(outcome, next, at, deadline, executed);
  }

  // The outcome may be new, or the segment behind it cannot be replayed now.
  template <Decision kDecision>
  [[gnu::noinline]] Cycles follow_slowly(std::uint32_t outcome, Address next, Cycles at, Cycles deadline,
                                         std::uint64_t executed) {
    Segment& from = *segment_;
    Edge* edge = graph_.find(from, outcome);
    const bool known = edge != nullptr;
    if (!known) {
      step_through(from, from.step_count, at - from.cycles, false);
      pipeline_.spent().clear();
      apply(kDecision, outcome, at);
      Entry entry = entry_behind(kDecision, from.record, outcome, next);

      if (!pipeline_.save(entry.state, entry.next, at + cycles_of(pipeline_.spent()))) {
        replaying_ = false;
        account_.book(from.record, pipeline_.spent().parts(), 1);
        for (const Step& step : graph_.steps(from)) book(step, graph_.parts(step), 1);
        return at + cycles_of(pipeline_.spent());
      }
      edge = graph_.connect(from, outcome, pipeline_.spent().parts(), begin(entry));
    }
    ++*edge->uses;
    return enter(*edge->to, {edge->after(at), deadline, executed}, !known);
  }

  [[gnu::noinline]] Cycles access_first(std::uint32_t number, Address address, unsigned width, bool is_store,
                                        Moment now) {
    pipeline_.spent().clear();
    ++accesses_;
    accessing_ = number;
    if (is_store && pipeline_.changed_by_store(address)) {
      draft_.abandon();
      const Cycles after = pipeline_.store_change(address, width, now.cycles);
      account_.book(number, pipeline_.spent().parts(), 1);
      return after;
    }
    const auto ending = pipeline_.ending(now.cycles);
    const std::uint32_t outcome = pipeline_.observe(ending, address, width, is_store, now.cycles);
    return arrive(Decision::access, number, ending, outcome, 0, now);
  }
  [[gnu::noinline]] Cycles branch_first(std::uint32_t number, bool taken, Address next, Moment now) {
    if constexpr (Pipeline::kPredictsBranches) {
      // An exception may come in between, and then it is not known where the branch would have gone.
      if (now.cycles >= now.deadline) {
        draft_.abandon();
        pipeline_.leave_branch(taken);
        return now.cycles;
      }
    }
    pipeline_.spent().clear();
    const auto ending = pipeline_.ending(now.cycles);
    const std::uint32_t outcome = pipeline_.expect_branch(ending, taken);
    pipeline_.carry_out_branch(ending, taken);
    return arrive(Decision::branch, number, ending, outcome, next, now);
  }
  [[gnu::noinline]] Cycles decide_first(Decision decision, std::uint32_t number, std::uint32_t outcome,
                                        Address next, Moment now) {
    pipeline_.spent().clear();
    return arrive(decision, number, pipeline_.ending(now.cycles), outcome, next, now);
  }

  // Something has been decided that was not replayed: ends what is being recorded, and looks for what
  // follows.
  Cycles arrive(Decision decision, std::uint32_t number, const typename Pipeline::Ending& ending,
                std::uint32_t outcome, Address next, Moment now) {
    Segment* const recorded =
        draft_.finish(number, ending, pipeline_.fetches(), now.cycles, graph_, account_);
    now.cycles = apply(decision, outcome, now.cycles);
    account_.book(number, pipeline_.spent().parts(), 1);
    Entry entry = entry_behind(decision, number, outcome, next);

    if (!remembers_ || !pipeline_.save(entry.state, entry.next, now.cycles)) return now.cycles;
    Segment& to = begin(entry);
    if (recorded != nullptr && graph_.find(*recorded, outcome) == nullptr)
      graph_.connect(*recorded, outcome, pipeline_.spent().parts(), to);
    return enter(to, now, true);
  }
  Entry entry_behind(Decision decision, std::uint32_t number, std::uint32_t outcome, Address next) const {
    Entry entry;
    entry.next = next;
    if (decision == Decision::access) {
      entry.next = pipeline_.next();
      entry.record = number;
      entry.part = accesses_;
    } else if (decision == Decision::condition) {
      entry.part = 1 + outcome;
    }
    return entry;
  }
  Segment& begin(const Entry& entry) {
    account_[entry.record].in_graph = true;
    return graph_.at(entry);
  }
  // Replays the segment from here if it is known and nothing hinders; otherwise its instructions are worked
  // out. `there`: the pipeline is in its state already.
  Cycles enter(Segment& segment, Moment now, bool there) {
    graph_.end_trace(pipeline_);
    begun_ = now.executed;
    draft_.abandon();
    replaying_ = enterable(segment, now.cycles, now.deadline);
    if (replaying_) {
      segment_ = &segment;
      return now.cycles;
    }
    if (!there) restore(segment, now.cycles);
    if (segment.cycles != Graph::kUnknown) return now.cycles;
    if (graph_.bytes() > kMostBytes) {
      forget();
      return now.cycles;
    }
    draft_.begin(segment, now.cycles);
    pipeline_.begin_fetches(segment.entry->state, now.cycles);
    return now.cycles;
  }
  // An outcome's cycles by cause are in spent() afterwards.
  Cycles apply(Decision decision, std::uint32_t outcome, Cycles cycles) {
    switch (decision) {
      case Decision::access:
        return pipeline_.apply(outcome, cycles);
      case Decision::branch:
        return pipeline_.apply_branch(outcome, cycles);
      case Decision::jump:
        return pipeline_.apply_jump(cycles);
      case Decision::condition:
        break;
      case Decision::division:
        pipeline_.dividing(outcome);
        break;
    }
    return cycles;
  }

  void restore(const Segment& segment, Cycles cycles) {
    const Entry& entry = *segment.entry;
    pipeline_.restore(entry.state, entry.next, account_[entry.record].facts, cycles);
    accesses_ = entry.record != 0 ? entry.part : 0;
  }
  // Works out the first instructions of a segment. Not `really`: as a rehearsal, which fetches and costs
  // nothing.
  Cycles step_through(const Segment& segment, std::uint64_t count, Cycles cycles, bool really) {
    restore(segment, cycles);
    pipeline_.rehearse(!really);
    for (std::uint64_t i = 0; i < count; ++i) cycles = work_out(graph_.steps(segment)[i], cycles, really);
    pipeline_.rehearse(false);
    if (!really) ++accesses_;
    return cycles;
  }
  Cycles work_out(const Step& step, Cycles cycles, bool booked) {
    Record& record = account_[step.record];
    pipeline_.spent().clear();
    accesses_ = 0;
    cycles = step.suppressed ? pipeline_.skip(record.facts, record.pc, cycles)
                             : pipeline_.issue(record.facts, record.pc, cycles);
    if (!booked) return cycles;
    if (!step.suppressed) ++record.count;
    account_.book(step.record, pipeline_.spent().parts(), 1);
    return cycles;
  }

  void book(const Step& step, std::span<const Spending::Part> parts, std::uint64_t times) {
    if (!step.suppressed) account_[step.record].count += times;
    account_.book(step.record, parts, times);
  }
  static Cycles cycles_of(const Spending& spent) {
    Cycles sum = 0;
    for (const Spending::Part& part : spent.parts()) sum += static_cast<Cycles>(std::int64_t{part.cycles});
    return sum;
  }
  void collect() {
    graph_.collect(
        [this](const Step& step, std::span<const Spending::Part> parts, std::uint64_t times) {
          replayed_ += times;
          book(step, parts, times);
        },
        [this](std::uint32_t record, std::span<const Spending::Part> parts, std::uint64_t times) {
          account_.book(record, parts, times);
        });
  }
  void forget() {
    collect();
    graph_.clear();
    draft_.abandon();
    segment_ = nullptr;
    replaying_ = false;
    cursor_.reset();
    for (Record& record : account_.records()) record.in_graph = false;
  }

  bool replaying_ = false;
  ReplayCursor<Pipeline> cursor_;  ///< In a trace.
  Segment* segment_ = nullptr;     ///< That is being replayed by itself.
  std::uint64_t begun_ = 0;        ///< Moment::executed at the beginning of either.
  Pipeline pipeline_;
  bool remembers_ = true;
  bool begins_traces_ = true;
  Graph graph_;
  ReplayDraft<Pipeline> draft_;
  std::uint32_t accesses_ = 0;   ///< Of the instruction that was worked out last.
  std::uint32_t accessing_ = 0;  ///< Its number, once it accesses; 0: since then all was settled.

  ReplayAccount<Facts> account_;
  std::uint64_t replayed_ = 0;
};

}  // namespace mcusim::emulator
