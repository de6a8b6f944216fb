#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "emulator/timing/spending.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// The part of a run whose instructions are recorded one by one: `count` of them, behind the first `from`
/// since reset, or from the moment on at which execution first reaches the address `at`.
struct TraceRequest {
  std::uint64_t from = 0;
  std::optional<Address> at = std::nullopt;
  std::uint64_t count = 0;
};

inline constexpr std::uint64_t kMostTraced = 100'000;

/// FROM:COUNT, where FROM is a number of instructions or a symbol. Throws InputError.
TraceRequest parse_trace_window(const std::string& text, const emulator::Image& image);

/// Records a window: lets the machine run up to it at full speed, and steps through it.
class InstructionTracer {
 public:
  /// The machine must outlive it. Throws InputError when its engine cannot execute single instructions.
  InstructionTracer(emulator::Machine& machine, const TraceRequest& request);
  ~InstructionTracer();
  InstructionTracer(const InstructionTracer&) = delete;
  InstructionTracer& operator=(const InstructionTracer&) = delete;

  /// How far the machine may run without missing the window.
  Cycles run_until() const;
  void at_probe(Address pc) { is_reached_ |= pc == request_.at; }
  /// Whether the next instruction belongs to the window.
  bool is_inside() const;
  emulator::Stop step();
  TraceWindow finish() &&;

 private:
  std::uint64_t executed() const;
  std::vector<TracedStep::Part> parts_of(const CyclesByCause& stalls) const;
  /// The handler whose first instruction the last step has executed, if it took an exception.
  std::optional<Address> entered_handler(const emulator::Registers& before) const;

  emulator::Machine& machine_;
  emulator::BookedCycles* const booked_cycles_;        ///< Null: the engine does not tell.
  std::vector<emulator::Spending::Part> booked_ = {};  ///< By the last step, in order.
  TraceRequest request_;
  bool is_reached_ = false;
  std::uint64_t recorded_ = 0;  ///< Instructions; steps_ has exceptions too.
  TraceWindow window_;
};

}  // namespace mcusim::profiler
