#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "emulator/cortex_m/arithmetic.h"
#include "emulator/cortex_m/core.h"
#include "emulator/cortex_m/dsp_arithmetic.h"
#include "emulator/cortex_m/fp_registers.h"
#include "emulator/cortex_m/fpu/fpu.h"
#include "emulator/cortex_m/operand_formats.h"
#include "emulator/successor.h"
#include "emulator/timing/moment.h"

namespace mcusim::emulator::cortex_m {

/// The interpreter: executes operations until the core has a reason to stop. The handlers_*.inc say what
/// each operation does; `Timing` says what it costs, and is all in which the loops differ:
///
///   issue(op, Code, now)            before each instruction that executes; Code is its handler
///   condition(op, passed, now)      before an instruction in an IT block
///   skipped(op, now)                behind that, of one that is suppressed
///   choose(op, passed, now)         condition() and what follows it, for a DATA_HANDLER
///   load(op, address, width, now)   before each data access
///   store(op, address, width, now)  the same
///   branch(op, taken, target, now)  a conditional branch has been decided
///   direct(op, target, now)         any other branch to an address in the code
///   call(op, target, now)           the same if it may call, or lead to another function
///   jump(op, target, now)           a branch to an address from a register or memory
///   decided(cycles)                 directly behind one of these: the exact counter, for who only looks
///   settle(now)                     before the core looks at time, or changes it
///   charge(op, cycles)              time that passed inside an instruction, as in WFI
///
/// `now` is a Moment; all but the last answer the cycle counter.
///
/// Handlers end in NEXT or DISPATCH, which compare the cycle counter with the next event: interrupts
/// are taken at the boundary of every instruction.
template <typename Timing>
void run_loop(Core& core, Timing timing) {
  static const void* const labels[] = {
#define MCUSIM_LABEL(name) &&label_##name,
      MCUSIM_PSEUDO_CODES(MCUSIM_LABEL)
#undef MCUSIM_LABEL
#define MCUSIM_LABEL(name) &&label_##name##_,
          MCUSIM_OPERATION_CODES(MCUSIM_LABEL)
#undef MCUSIM_LABEL
  };

  CpuState& s = core.state;
  const std::uintptr_t* const readable = core.readable_pages();
  const std::uintptr_t* const writable = core.writable_pages();
  Cycles cycles = core.cycles;
  Cycles deadline = core.deadline;
  std::uint64_t executed = core.instructions;
  Operation* op = nullptr;

#define R(x) s.r[op->x]
#define NOW() (Moment{cycles, deadline, executed})
// Shows the core where execution stands, for everything that is not inlined here; and takes its answer.
#define SYNC() \
  (core.cycles = cycles = timing.settle(NOW()), core.instructions = executed, s.pc = op->pc)
#define RELOAD()                                    \
  do {                                              \
    cycles = core.cycles, deadline = core.deadline; \
    if (core.fault != Fault::none) [[unlikely]]     \
      goto fault;                                   \
  } while (false)
#define DISPATCH                                   \
  do {                                             \
    if (cycles >= deadline) [[unlikely]]           \
      goto attention;                              \
    goto* labels[static_cast<unsigned>(op->code)]; \
  } while (false)
#define NEXT            \
  do {                  \
    op = successor(op); \
    DISPATCH;           \
  } while (false)
// The core decided where to go on.
#define RESUME() goto resume
#define FAULT(kind)    \
  do {                 \
    SYNC();            \
    core.fault = kind; \
    goto fault;        \
  } while (false)
#define PSEUDO(name) label_##name:
#define HANDLER(name)            \
  label_##name##_ : ++executed;  \
  cycles = timing.issue(*op, Code::name##_, NOW());
#define FP_HANDLER(name)                            \
  label_##name##_ : if (!s.fp_ready) [[unlikely]] { \
    SYNC();                                         \
    core.prepare_fp();                              \
    RELOAD();                                       \
  }                                                 \
  ++executed;                                       \
  cycles = timing.issue(*op, Code::name##_, NOW());
// An operation that does nothing but write R(d) what `value` makes of a and b. In an IT block it is executed
// in any case and its result taken or not: a branch of the host would be mispredicted as often as the guest's
// conditions are hard to tell.
#define DATA_HANDLER(name, first, second, value)                            \
  HANDLER(name) {                                                           \
    [[maybe_unused]] const std::uint32_t a = first, b = second;             \
    R(d) = value;                                                           \
    NEXT;                                                                   \
  }                                                                         \
  PSEUDO(choose_##name) {                                                   \
    BEGIN_CONDITIONAL();                                                    \
    const bool passed = s.condition(op->it >> 4);                           \
    cycles = timing.choose(*op, passed, NOW());                             \
    executed += passed;                                                     \
    core.skipped += !passed;                                                \
    [[maybe_unused]] const std::uint32_t a = first, b = second, old = R(d); \
    R(d) = old ^ ((old ^ (value)) & (0u - passed));                         \
    NEXT;                                                                   \
  }
// Reached without the IT instruction it was decoded under, or under another one: decode it anew.
#define BEGIN_CONDITIONAL()                          \
  do {                                               \
    if (s.it != op->it) [[unlikely]] {               \
      op->code = Code::decode;                       \
      goto* labels[static_cast<unsigned>(op->code)]; \
    }                                                \
    s.it = advance_it(op->it);                       \
    PREPARE_SUCCESSOR();                             \
  } while (false)
// After IT, and inside its block: what follows must have been decoded under the same ITSTATE.
#define PREPARE_SUCCESSOR()                                                           \
  do {                                                                                \
    Operation* const next = op + op->slots;                                           \
    if (next->it != s.it && next->code != Code::next_page) next->code = Code::decode; \
  } while (false)
#define CHECK_STACK(address)                                \
  do {                                                      \
    if (op->n == 13 && (address) < s.sp_limit) [[unlikely]] \
      FAULT(Fault::stack_overflow);                         \
  } while (false)
#define REQUIRE_ALIGNED(address, width)              \
  do {                                               \
    if (((address) & ((width)-1)) != 0) [[unlikely]] \
      FAULT(Fault::unaligned);                       \
  } while (false)
// A page entry of 0, an unaligned address or a page crossing takes the slow path, which also knows the
// devices; an unaligned access inside one page of memory stays here while it is allowed.
#define LOAD(type, address_expression, target)                                              \
  do {                                                                                      \
    const std::uint32_t address_ = (address_expression);                                    \
    const std::uintptr_t page_ = readable[address_ >> Bus::kPageBits];                      \
    cycles = timing.load(*op, address_, sizeof(type), NOW());                               \
    if (page_ != 0 && ((address_ & (sizeof(type) - 1)) == 0 ||                              \
                       core.unaligned_inside(address_, sizeof(type)))) [[likely]] {         \
      type value_;                                                                          \
      std::memcpy(&value_, reinterpret_cast<const void*>(page_ + address_), sizeof value_); \
      target = static_cast<std::uint32_t>(value_);                                          \
    } else {                                                                                \
      SYNC();                                                                               \
      const std::uint32_t value_ = core.load(address_, sizeof(type));                       \
      RELOAD();                                                                             \
      target = static_cast<std::uint32_t>(static_cast<type>(value_));                       \
    }                                                                                       \
  } while (false)
#define STORE(type, address_expression, value_expression)                             \
  do {                                                                                \
    const std::uint32_t address_ = (address_expression);                              \
    const std::uintptr_t page_ = writable[address_ >> Bus::kPageBits];                \
    cycles = timing.store(*op, address_, sizeof(type), NOW());                        \
    if (page_ != 0 && ((address_ & (sizeof(type) - 1)) == 0 ||                        \
                       core.unaligned_inside(address_, sizeof(type)))) [[likely]] {   \
      const auto value_ = static_cast<type>(value_expression);                        \
      std::memcpy(reinterpret_cast<void*>(page_ + address_), &value_, sizeof value_); \
    } else {                                                                          \
      SYNC();                                                                         \
      core.store(address_, sizeof(type), value_expression);                           \
      RELOAD();                                                                       \
    }                                                                                 \
  } while (false)
// Multiples, doubles and FP words fault when unaligned, whatever CCR says (DDI 0403E A3.2.1).
#define LOAD_ALIGNED(address_expression, target)         \
  do {                                                   \
    const std::uint32_t aligned_ = (address_expression); \
    REQUIRE_ALIGNED(aligned_, 4);                        \
    LOAD(std::uint32_t, aligned_, target);               \
  } while (false)
#define STORE_ALIGNED(address_expression, value)         \
  do {                                                   \
    const std::uint32_t aligned_ = (address_expression); \
    REQUIRE_ALIGNED(aligned_, 4);                        \
    STORE(std::uint32_t, aligned_, value);               \
  } while (false)
#define JUMP(target)                                  \
  do {                                                \
    Operation* const target_op = core.locate(target); \
    cycles = timing.jump(*op, target_op->pc, NOW());  \
    op = target_op;                                   \
  } while (false)
#define BRANCH(kind, target)                         \
  do {                                               \
    Operation* const target_op = target;             \
    cycles = timing.kind(*op, target_op->pc, NOW()); \
    op = target_op;                                  \
  } while (false)
// delta 0: the target is in another page, or cannot be told by a distance.
#define TARGET() (op->delta != 0 ? op + op->delta : core.locate(op->imm))
// After a branch, with `op` at its target: tells whoever follows calls. A call gives its return address, too.
// The pipeline need not be settled there.
#define FOLLOW(kind, ...)                                                                \
  do {                                                                                   \
    if (CallListener* const listener_ = core.call_listener; listener_ != nullptr) {      \
      const FlowPoint now_{timing.decided(cycles), executed, s.r[13]};                   \
      if (!listener_->usual_calls.kind(op->pc, __VA_ARGS__ __VA_OPT__(, ) now_)) {       \
        core.cycles = now_.cycles, core.instructions = now_.instructions, s.pc = op->pc; \
        listener_->kind(op->pc, __VA_ARGS__ __VA_OPT__(, ) FlowPoint(now_));             \
      }                                                                                  \
    }                                                                                    \
  } while (false)
// BX and loads to PC: bit 0 is the Thumb state; in Handler mode high addresses return from the exception.
#define BRANCH_EXCHANGE(target_expression)                         \
  do {                                                             \
    const std::uint32_t target_ = (target_expression);             \
    if (target_ >= 0xf0000000u && s.handler_mode()) [[unlikely]] { \
      SYNC();                                                      \
      if (!core.exception_return(target_)) return;                 \
      RESUME();                                                    \
    }                                                              \
    if ((target_ & 1) == 0) [[unlikely]] {                         \
      SYNC();                                                      \
      core.branch_to_arm_state(target_);                           \
      goto fault;                                                  \
    }                                                              \
    JUMP(target_);                                                 \
    FOLLOW(jumped);                                                \
    DISPATCH;                                                      \
  } while (false)

resume:
  cycles = core.cycles, deadline = core.deadline, executed = core.instructions;
  op = core.locate(s.pc);
  if (op->it != s.it && op->code > Code::fetch_fault) op->code = Code::decode;
  DISPATCH;

attention:
  SYNC();
  if (!core.serve()) return;
  if (core.stepping()) [[unlikely]]
    goto single;
  goto resume;

single:
  cycles = core.cycles, deadline = core.deadline;
  op = core.locate(s.pc);
  if (op->it != s.it && op->code > Code::fetch_fault) op->code = Code::decode;
  goto* labels[static_cast<unsigned>(op->code)];

fault:
  // The instruction did not happen: its IT state holds again.
  if (op->it != 0) s.it = op->it;
  if (!core.take_fault()) return;
  goto resume;

#include "emulator/cortex_m/handlers_alu.inc"
#include "emulator/cortex_m/handlers_control.inc"
#include "emulator/cortex_m/handlers_fp.inc"
#include "emulator/cortex_m/handlers_memory.inc"
#include "emulator/cortex_m/handlers_multiply.inc"

#undef R
#undef NOW
#undef JUMP
#undef BRANCH
#undef TARGET
#undef SYNC
#undef RELOAD
#undef DISPATCH
#undef NEXT
#undef RESUME
#undef FOLLOW
#undef FAULT
#undef PSEUDO
#undef HANDLER
#undef FP_HANDLER
#undef DATA_HANDLER
#undef BEGIN_CONDITIONAL
#undef PREPARE_SUCCESSOR
#undef CHECK_STACK
#undef REQUIRE_ALIGNED
#undef LOAD
#undef STORE
#undef LOAD_ALIGNED
#undef STORE_ALIGNED
#undef BRANCH_EXCHANGE
}

}  // namespace mcusim::emulator::cortex_m
