#pragma once

#include <array>
#include <cstdint>

#include "common/units.h"
#include "emulator/flow_point.h"

namespace mcusim::emulator {

/// One path of calls, from the outermost function to the one that is its last.
struct UsualPath {
  /// A call that is known to continue the path.
  struct Continuation {
    Address target = ~Address{0};  ///< Odd: none.
    /// Bytes of stack between the caller's entry and this one. What goes deeper is not usual.
    std::uint32_t deepest = 0;
    UsualPath* path = nullptr;
  };
  static constexpr std::size_t kContinuations = 8;  ///< Where more take turns, some are not usual.

  // What its calls took from entry to return, of those that have returned.
  std::uint64_t calls = 0;
  Cycles cycles = 0;
  std::uint64_t instructions = 0;
  std::uint32_t number = 0;  ///< For who listens.
  std::array<Continuation, kContinuations> continuations;

  Continuation& continuation(Address target) {
    constexpr Address kBits = 4 * (kContinuations - 1);  // So the host scales them in the address.
    return continuations[(target & kBits) / 4];
  }
};

/// A call that has not returned.
struct OpenCall {
  /// The stack pointer at entry is unknown: only the return address ends this call.
  static constexpr std::uint32_t kAnySp = ~0u;
  static constexpr Address kNowhere = ~Address{0};  ///< No return address.

  Cycles begin = 0;
  std::uint64_t begin_instructions = 0;
  UsualPath* path = nullptr;
  /// Bit 0 is set where more is to be done at the return: then it is not usual.
  Address return_address = kNowhere;
  std::uint32_t sp = kAnySp;  ///< At entry.

  bool returns_to(Address target) const { return (return_address & ~Address{1}) == target; }
};

/// A call that has returned after long.
struct LongCall {
  const OpenCall* place = nullptr;  ///< Where it stood; it is overwritten.
  const UsualPath* path = nullptr;
  Cycles begin = 0, end = 0;
};

/// Calls and returns as they usually go, which the loops of a core count themselves because a call of a
/// listener would cost more than the instruction: calls seen on the same path before, and returns from the
/// innermost call. A CallListener says here what is usual, and hears of all else.
struct UsualCalls {
  /// Where nothing is usual.
  static inline UsualPath no_path;
  static inline OpenCall no_call{.path = &no_path};

  /// The innermost call of what executes, behind those that led to it. There is room for all calls that
  /// continue their paths.
  OpenCall* top = &no_call;
  std::uint32_t lowest_sp = ~0u;  ///< No call with a stack pointer below is usual.
  Cycles until = 0;               ///< From here on no return is usual.
  Cycles shortest = 0;            ///< Calls that took so long are noted in long_calls.

  /// In the order of their ends. Without room for it the return of a long call is not usual.
  std::array<LongCall, 128> long_calls;
  std::size_t long_call_count = 0;

  /// False: nothing was counted.
  [[gnu::always_inline]] bool called(Address target, Address return_address, const FlowPoint& now) {
    OpenCall* const caller = top;
    const UsualPath::Continuation& next = caller->path->continuation(target);
    // A stack pointer above the caller's is a depth beyond all others.
    if (next.target != target || caller->sp - now.sp > next.deepest || now.sp < lowest_sp) return false;
    caller[1] = {now.cycles, now.instructions, next.path, return_address, now.sp};
    top = caller + 1;
    return true;
  }
  [[gnu::always_inline]] bool jumped(Address target, const FlowPoint& now) {
    const OpenCall* const call = top;
    if (now.cycles >= until || call->return_address != target || call->sp != now.sp) return false;
    const Cycles cycles = now.cycles - call->begin;
    if (cycles >= shortest) [[unlikely]] {
      if (long_call_count == long_calls.size()) return false;
      long_calls[long_call_count++] = {call, call->path, call->begin, now.cycles};
    }
    UsualPath& path = *call->path;
    ++path.calls;
    path.cycles += cycles;
    path.instructions += now.instructions - call->begin_instructions;
    --top;
    return true;
  }
};

}  // namespace mcusim::emulator
