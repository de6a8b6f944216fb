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

  bool returns_as_usual() const { return !(is_tail_call | is_cut); }
};

/// What the calls of one path took from entry to return, of those that have returned.
struct PathCount {
  std::uint64_t calls = 0;
  Cycles cycles = 0;
  std::uint64_t instructions = 0;
};

/// Calls and returns as they usually go, which the loops of a core count themselves because a call of a
/// listener would cost more than the instruction: calls seen on the same path before, and returns from the
/// innermost call. A CallListener says here what is usual, and hears of all else.
struct UsualCalls {
  /// A call from a path that is known to continue it.
  struct Continuation {
    std::uint64_t call = ~std::uint64_t{0};  ///< As call_of() says.
    std::uint32_t path = 0;
    /// Bytes of stack between the caller's entry and this one. What goes deeper is not usual.
    std::uint32_t deepest = 0;
  };
  static constexpr std::size_t kContinuations = 4096;
  /// The call of `target` by a call of path `from`.
  static std::uint64_t call_of(std::uint32_t from, Address target) {
    return std::uint64_t{from} << 32 | target;
  }

  /// The innermost call of what executes, behind those that led to it; and where the innermost can stand.
  OpenCall *top = nullptr, *last = nullptr;
  std::vector<PathCount> counts;
  std::vector<Continuation> continuations = std::vector<Continuation>(kContinuations);
  Cycles until = 0;               ///< From here on nothing is usual; then `top` need not be there.
  Cycles shortest = 0;            ///< Nor is a return from a call that took so long.
  std::uint32_t lowest_sp = ~0u;  ///< Nor is a stack pointer below.

  Continuation& continuation(std::uint64_t call) {
    return continuations[call * 0x9e37'79b9'7f4a'7c15u >> 32 & (kContinuations - 1)];
  }

  /// False: nothing was counted.
  [[gnu::always_inline]] bool called(Address target, Address return_address, const FlowPoint& now) {
    OpenCall* const caller = top;
    if (now.cycles >= until || caller == last) return false;
    const std::uint64_t call = call_of(caller->path, target);
    const Continuation& next = continuation(call);
    // A stack pointer above the caller's is a depth beyond all others.
    if (next.call != call || caller->sp - now.sp > next.deepest || now.sp < lowest_sp) return false;
    caller[1] = {now.cycles, now.instructions, next.path, return_address, now.sp};
    ++top;
    return true;
  }
  [[gnu::always_inline]] bool jumped(Address target, const FlowPoint& now) {
    const OpenCall* const call = top;
    if (now.cycles >= until || call->return_address != target || call->sp != now.sp ||
        !call->returns_as_usual())
      return false;
    const Cycles cycles = now.cycles - call->begin;
    if (cycles >= shortest) return false;
    PathCount& count = counts[call->path];
    ++count.calls;
    count.cycles += cycles;
    count.instructions += now.instructions - call->begin_instructions;
    --top;
    return true;
  }
};

}  // namespace mcusim::emulator
