#pragma once

#include <cstdint>

#include "common/units.h"
#include "emulator/flow_point.h"
#include "emulator/usual_calls.h"

namespace mcusim::emulator {

/// An exception that was taken.
struct ExceptionEntry {
  unsigned number = 0;
  Address handler = 0;
  /// Of the interrupted code, behind what the core stacked: what ExceptionReturn::frame will be when this
  /// code goes on.
  std::uint32_t frame = 0;
  Address interrupted_pc = 0;  ///< Where that code goes on.
  Cycles begin = 0;            ///< The cycles since then went into the entry.
  bool chained = false;  ///< Instead of a return: the handler that executed is over, nothing was stacked.
};

struct ExceptionReturn {
  Address pc = 0;           ///< Where execution goes on.
  std::uint32_t frame = 0;  ///< Stack pointer before the frame was taken from the stack.
  bool to_thread = true;    ///< Else to another handler.
};

/// Hears how execution leaves the straight line: all that is needed to know which function executes. Each is
/// told once the instruction is done and paid for; `now` stands at the target.
class CallListener {
 public:
  virtual ~CallListener() = default;

  /// A branch that leaves a return address.
  virtual void called(Address target, Address return_address, const FlowPoint& now) = 0;
  /// A branch by register or memory, or a direct one to an address that begins a function: a return, a tail
  /// call, a long jump, or a jump inside a function.
  virtual void jumped(Address target, const FlowPoint& now) = 0;
  /// The code moved its stack pointer by a system register, as it does to change to another stack.
  virtual void stack_changed(const FlowPoint& now) = 0;
  virtual void exception_entered(const ExceptionEntry& entry, const FlowPoint& now) = 0;
  virtual void exception_returned(const ExceptionReturn& what, const FlowPoint& now) = 0;
  /// The core begins anew at `pc`.
  virtual void restarted(Address pc, const FlowPoint& now) = 0;

  /// Calls and jumps that are dealt with here may be kept from called() and jumped().
  UsualCalls usual_calls;
};

}  // namespace mcusim::emulator
