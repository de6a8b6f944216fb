#pragma once

#include <cstdint>
#include <vector>

#include "common/units.h"
#include "emulator/flow_point.h"

namespace mcusim::emulator {

/// A call that has not returned.
struct OpenCall {
  /// The stack pointer at entry is unknown: only the return address ends this call.
  static constexpr std::uint32_t kAnySp = ~0u;
  static constexpr Address kNowhere = 1;  ///< Odd: no return address.

  Cycles begin = 0;
  std::uint64_t begin_instructions = 0;
  std::uint32_t path = 0;  ///< Index of UsualCalls::counts.
  Address return_address = kNowhere;
  std::uint32_t sp = kAnySp;  ///< At entry.
  bool is_tail_call = false;  ///< Its return is that of the call that led to it, too.
  bool is_cut = false;        ///< `path` does not continue that of the call that led to it.
};

/// What the calls of one path took from entry to return, of those that have returned.
struct PathCount {
  std::uint64_t calls = 0;
  Cycles cycles = 0;
  std::uint64_t instructions = 0;
  /// Most bytes of stack between the caller's entry and this one.
  Bytes entry_depth = 0;
};

/// Calls and returns as they usually go, which the loops of a core count themselves because a call of a
/// listener would cost more than the instruction: calls seen on the same path before, and returns from the
/// innermost call. A CallListener says here what is usual, and hears of all else.
struct UsualCalls {
  /// The call of `target` by a call of path `from` continues that to `path`.
  struct Continuation {
    std::uint32_t from = ~0u;
    Address target = OpenCall::kNowhere;
    std::uint32_t path = 0;
  };
  static constexpr std::size_t kContinuations = 4096;

  /// The innermost call of what executes, behind those that led to it; and where the innermost can stand.
  OpenCall *top = nullptr, *last = nullptr;
  std::vector<PathCount> counts;
  std::vector<Continuation> continuations = std::vector<Continuation>(kContinuations);
  Cycles until = 0;     ///< From here on nothing is usual; then `top` need not be there.
  Cycles shortest = 0;  ///< Nor is a return from a call that took so long.
  /// Nor is a stack pointer outside of these bounds.
  std::uint32_t lowest_sp = ~0u, highest_sp = 0;

  Continuation& continuation(std::uint32_t from, Address target) {
    return continuations[(target >> 1 ^ from * 0x9e3779b1u >> 8) % kContinuations];
  }

  /// False: nothing was counted.
  [[gnu::always_inline]] bool called(Address target, Address return_address, const FlowPoint& now) {
    OpenCall* const caller = top;
    if (now.cycles >= until || caller == last) return false;
    const Continuation& next = continuation(caller->path, target);
    if (next.from != caller->path || next.target != target || now.sp < lowest_sp || now.sp > highest_sp ||
        now.sp > caller->sp)
      return false;
    caller[1] = {now.cycles, now.instructions, next.path, return_address, now.sp};
    ++top;
    return true;
  }
  [[gnu::always_inline]] bool jumped(Address target, const FlowPoint& now) {
    if (now.cycles >= until) return false;
    const OpenCall* const call = top;
    if (call->return_address != target || call->sp != now.sp || call->is_tail_call || call->is_cut)
      return false;
    const Cycles cycles = now.cycles - call->begin;
    PathCount& count = counts[call->path];
    if (cycles >= shortest || call[-1].sp - call->sp > count.entry_depth) return false;
    ++count.calls;
    count.cycles += cycles;
    count.instructions += now.instructions - call->begin_instructions;
    --top;
    return true;
  }
};

}  // namespace mcusim::emulator
