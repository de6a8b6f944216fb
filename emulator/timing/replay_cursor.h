#pragma once

#include <cstddef>

#include "common/units.h"
#include "emulator/timing/replay_graph.h"

namespace mcusim::emulator {

/// Which decision of a trace of a ReplayGraph comes next. Fetches of the segments before are carried out when
/// the trace is left, or when an access depends on them.
template <typename Pipeline>
class ReplayCursor {
  using Graph = ReplayGraph<Pipeline>;
  using Trace = typename Graph::Trace;
  using Exit = typename Graph::Exit;
  using Expectation = typename Graph::Expectation;

 public:
  /// Outside of traces nothing is expected.
  const Expectation& expected() const { return *expected_; }
  bool in_trace() const { return trace_ != nullptr; }

  void enter(Trace& trace) {
    trace_ = &trace;
    caught_up_ = 0;
    expected_ = trace.expected.data();
  }
  /// What was expected has happened.
  void advance() { ++expected_; }
  /// In a trace.
  [[gnu::always_inline]] const Exit& leave(Pipeline& pipeline) {
    Exit& exit = here();
    ++exit.times;
    if (caught_up_ == 0)
      pipeline.passed(exit.passage);
    else
      fetch_before(exit, pipeline);
    reset();
    return exit;
  }
  [[gnu::noinline]] void catch_up(Pipeline& pipeline) {
    fetch_before(here(), pipeline);
    pipeline.fetched(here().segment->fetches);
    ++caught_up_;
  }
  /// Leaves nothing behind.
  void reset() {
    trace_ = nullptr;
    expected_ = &kNothing;
  }

 private:
  static constexpr Expectation kNothing{};

  Exit& here() const { return trace_->exits[static_cast<std::size_t>(expected_ - trace_->expected.data())]; }
  void fetch_before(const Exit& exit, Pipeline& pipeline) {
    const auto segments = static_cast<std::size_t>(&exit - trace_->exits.data());
    for (; caught_up_ < segments; ++caught_up_) pipeline.fetched(trace_->exits[caught_up_].segment->fetches);
  }

  const Expectation* expected_ = &kNothing;
  Trace* trace_ = nullptr;
  std::size_t caught_up_ = 0;  ///< Segments whose fetches are carried out.
};

}  // namespace mcusim::emulator
