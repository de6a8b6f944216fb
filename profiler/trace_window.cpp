#include "profiler/trace_window.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/error.h"
#include "profiler/disassembler.h"
#include "profiler/reading.h"

namespace mcusim::profiler {
namespace {

/// No core here issues more in a cycle.
constexpr std::uint64_t kMostInACycle = 2;

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Moves the cycles of the entry out of a step that begins with one.
TracedStep take_exception(TracedStep& step) {
  TracedStep entry{TracedStep::Kind::exception, step.address, 0, {}};
  std::erase_if(step.spent, [&](const TracedStep::Part& part) {
    if (part.cause != static_cast<std::uint8_t>(emulator::StallCause::exception)) return false;
    entry.cycles += part.cycles;
    entry.spent.push_back(part);
    return true;
  });
  step.cycles -= entry.cycles;
  return entry;
}

}  // namespace

TraceRequest parse_trace_window(const std::string& text, const emulator::Image& image) {
  const auto fail = [&](const std::string& fault) {
    return InputError(
        fmt::format("--trace-window {}: {}; give FROM:COUNT, as 1000000:200 or main:200, with at "
                    "most {} instructions",
                    text, fault, kMostTraced));
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) throw fail("not understood");
  TraceRequest request;
  request.count = whole(std::string_view(text).substr(colon + 1)).value_or(0);
  if (request.count == 0 || request.count > kMostTraced) throw fail("not a number of instructions to record");
  const std::string from = text.substr(0, colon);
  if (const auto number = whole(from)) {
    request.from = *number;
  } else if (const emulator::Symbol* symbol = image.find_symbol(from)) {
    request.at = symbol->address;
  } else {
    throw fail(fmt::format("{} has no symbol '{}'", image.file, from));
  }
  return request;
}

InstructionTracer::InstructionTracer(emulator::Machine& machine, const TraceRequest& request)
    : machine_(machine),
      booked_cycles_(dynamic_cast<emulator::BookedCycles*>(&machine.engine())),
      request_(request) {
  if (machine.engine().debug() == nullptr) {
    throw InputError(
        "--trace-window: this engine cannot execute single instructions; use --engine native without "
        "--lockstep");
  }
  if (request_.at) machine.engine().add_probe(*request_.at);
}

InstructionTracer::~InstructionTracer() {
  if (booked_cycles_ != nullptr) booked_cycles_->follow_bookings(nullptr);
}

std::uint64_t InstructionTracer::executed() const {
  const emulator::Counters& counters = machine_.engine().counters();
  return counters.instructions + counters.skipped;
}

Cycles InstructionTracer::run_until() const {
  if (request_.at || recorded_ == request_.count || executed() > request_.from) return ~Cycles{0};
  const std::uint64_t left = request_.from - executed();
  return machine_.engine().counters().cycles + std::max<Cycles>(1, left / kMostInACycle);
}

bool InstructionTracer::is_inside() const {
  if (recorded_ == request_.count) return false;
  // The last cycle in front of the window may belong to two instructions, of which one is inside.
  return request_.at ? is_reached_ : executed() + kMostInACycle > request_.from;
}

emulator::Stop InstructionTracer::step() {
  const emulator::Registers registers = machine_.engine().registers();
  const Reading before = read(machine_.engine());
  booked_.clear();
  if (booked_cycles_ != nullptr) booked_cycles_->follow_bookings(&booked_);
  const emulator::Stop stop = machine_.step();
  if (booked_cycles_ != nullptr) booked_cycles_->follow_bookings(nullptr);
  const Spent cost = spent(read(machine_.engine()), before);
  const std::uint64_t number = before.counters.instructions + before.counters.skipped;
  if (!request_.at && number < request_.from) return stop;
  if (window_.steps.empty()) {
    window_.first_instruction = number;
    window_.begin = before.counters.cycles;
  }
  TracedStep step{TracedStep::Kind::issued, registers.r[15], static_cast<std::uint32_t>(cost.counters.cycles),
                  parts_of(cost.stalls)};
  if (const auto handler = entered_handler(registers)) {
    TracedStep entry = take_exception(step);
    window_.steps.push_back(std::move(entry));
    step.address = *handler;
  }
  if (cost.counters.instructions + cost.counters.skipped != 0) {
    if (cost.counters.instructions == 0) step.kind = TracedStep::Kind::suppressed;
    window_.steps.push_back(std::move(step));
    ++recorded_;
  }
  return stop;
}

// In the order in which they were booked; what was not, exceptions and sleep, comes last.
std::vector<TracedStep::Part> InstructionTracer::parts_of(const CyclesByCause& stalls) const {
  std::vector<TracedStep::Part> parts;
  CyclesByCause left = stalls;
  const auto spend = [&](std::size_t cause, Cycles cycles) {
    if (cycles == 0) return;
    left[cause] -= cycles;
    if (parts.empty() || parts.back().cause != cause) parts.push_back({static_cast<std::uint8_t>(cause), 0});
    parts.back().cycles += static_cast<std::uint32_t>(cycles);
  };
  for (const emulator::Spending::Part& part : booked_) {
    const auto cause = static_cast<std::size_t>(part.cause);
    // A part below zero takes back cycles of its cause.
    spend(cause, std::min(left.at(cause), static_cast<Cycles>(std::max(part.cycles, 0))));
  }
  for (std::size_t cause = 0; cause < left.size(); ++cause) spend(cause, left[cause]);
  return parts;
}

// A step takes a pending exception first, and then executes the handler's first instruction. SVC ends in
// front of that, and a return takes its frame off the stack.
std::optional<Address> InstructionTracer::entered_handler(const emulator::Registers& before) const {
  constexpr std::uint32_t kExceptionNumber = 0x1ff;
  constexpr Address kVtor = 0xe000ed08;
  const emulator::Registers now = machine_.engine().registers();
  const std::uint32_t exception = now.xpsr & kExceptionNumber;
  if (exception == (before.xpsr & kExceptionNumber) || exception == 0) return std::nullopt;
  if (std::uint64_t{now.msp} + now.psp >= std::uint64_t{before.msp} + before.psp) return std::nullopt;
  const Address vector = machine_.engine().system_register(kVtor).value_or(0) + 4 * exception;
  std::uint32_t handler = 0;
  if (!machine_.bus().fetch(vector, &handler, sizeof handler) || (handler & ~1u) == now.r[15])
    return std::nullopt;
  return handler & ~1u;
}

TraceWindow InstructionTracer::finish() && {
  std::vector<Address> addresses;
  for (const TracedStep& step : window_.steps) addresses.push_back(step.address);
  std::ranges::sort(addresses);
  const auto [rest, end] = std::ranges::unique(addresses);
  addresses.erase(rest, end);
  const Disassembler disassembler(machine_);
  for (const Address address : addresses) {
    const Disassembler::Line line = disassembler.at(address);
    window_.code.push_back({address, line.size, line.text});
  }
  return std::move(window_);
}

}  // namespace mcusim::profiler
