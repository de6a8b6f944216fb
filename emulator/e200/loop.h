#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "emulator/e200/arithmetic.h"
#include "emulator/e200/core.h"
#include "emulator/successor.h"
#include "emulator/timing/moment.h"

namespace mcusim::emulator::e200 {

/// The interpreter: executes operations until the core has a reason to stop. The handlers_*.inc say what each
/// operation does; `Timing` says what it costs, and is all in which the loops differ:
///
///   issue(op, Code, now)            before each instruction; Code is its handler
///   branch(op, taken, target, now)  a branch to an address in the code, once it is decided
///   jump(op, target, now)           a branch to an address from a register
///   load(op, address, now)          before each data access
///   store(op, address, now)
///   decided(cycles)                 directly behind a branch or jump: the exact counter, for who only looks
///   settle(now)                     before the core looks at time, or changes it
///   control_changes()               settled: a special purpose register is written, caches may go on or off
///   charge(op, cycles)              time that passed inside an instruction, as in wait
///
/// `now` is a Moment; what takes it, and decided(), answer the cycle counter: a counter whose address nobody
/// has stays in a register.
///
/// Handlers end in NEXT or DISPATCH, which compare the cycle counter with the next event: interrupts are
/// taken at the boundary of every instruction.
template <typename Timing>
void run_loop(Core& core, Timing timing) {
  static const void* const labels[] = {
#define MCUSIM_LABEL(name) &&label_##name,
      MCUSIM_VLE_PSEUDO_CODES(MCUSIM_LABEL)
#undef MCUSIM_LABEL
#define MCUSIM_LABEL(name) &&label_##name##_,
          MCUSIM_VLE_OPERATION_CODES(MCUSIM_LABEL)
#undef MCUSIM_LABEL
  };

  CpuState& s = core.state;
  const std::uintptr_t* const readable = core.readable_pages();
  const std::uintptr_t* const writable = core.writable_pages();
  Cycles cycles = core.cycles;
  Cycles deadline = core.deadline;
  std::uint64_t instructions = core.instructions;
  Operation* op = nullptr;

#define R(x) s.r[op->x]
#define NEXT_PC (op->pc + 2u * op->slots)
#define NOW() (Moment{cycles, deadline, instructions})
// Shows the core where execution stands, for everything that is not inlined here; and takes its answer.
#define SYNC() (core.cycles = cycles = timing.settle(NOW()), core.instructions = instructions, s.pc = op->pc)
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
// After a branch, with `op` at its target: tells whoever follows calls. A call gives its return address, too.
#define FOLLOW(kind, ...)                                                                        \
  do {                                                                                           \
    if (CallListener* const listener_ = core.call_listener; listener_ != nullptr) [[unlikely]] { \
      const FlowPoint now_{timing.decided(cycles), instructions, s.r[1]};                        \
      if (!listener_->usual_calls.kind(op->pc, __VA_ARGS__ __VA_OPT__(, ) now_)) {               \
        core.cycles = now_.cycles, core.instructions = instructions, s.pc = op->pc;              \
        listener_->kind(op->pc, __VA_ARGS__ __VA_OPT__(, ) FlowPoint(now_));                     \
      }                                                                                          \
    }                                                                                            \
  } while (false)
// The core decided where to go on.
#define RESUME() goto resume
#define FAULT(kind)    \
  do {                 \
    SYNC();            \
    core.fault = kind; \
    goto fault;        \
  } while (false)
#define REQUIRE_PRIVILEGE()             \
  do {                                  \
    if (s.problem_state()) [[unlikely]] \
      FAULT(Fault::privileged);         \
  } while (false)
#define REQUIRE_ALIGNED(address, width)                \
  do {                                                 \
    if (((address) & ((width)-1)) != 0) [[unlikely]] { \
      SYNC();                                          \
      core.fault_at(Fault::alignment, address);        \
      goto fault;                                      \
    }                                                  \
  } while (false)
// r1 is the stack pointer, and a store with update makes a frame (EABI).
#define CHECK_STACK(address)                                       \
  do {                                                             \
    if (op->a == 1 && (address) < core.stack_limit) [[unlikely]] { \
      SYNC();                                                      \
      core.leave_stack(address);                                   \
      RELOAD();                                                    \
    }                                                              \
  } while (false)
#define PSEUDO(name) label_##name:
#define HANDLER(name)               \
  label_##name##_ : ++instructions; \
  cycles = timing.issue(*op, Code::name##_, NOW());
// A page entry of 0 or a page crossing takes the slow path, which also knows the devices; a page that the MPU
// permits in part is one of memory all the same. Unaligned accesses are the hardware's own.
#define LOAD(type, address_expression, target)                                                         \
  do {                                                                                                 \
    const std::uint32_t address_ = (address_expression);                                               \
    const std::uintptr_t page_ = readable[address_ >> Bus::kPageBits];                                 \
    cycles = timing.load(*op, address_, NOW());                                                        \
    if (page_ != 0 && (address_ & (Bus::kPageSize - 1)) <= Bus::kPageSize - sizeof(type)) [[likely]] { \
      type value_;                                                                                     \
      std::memcpy(&value_, reinterpret_cast<const void*>(page_ + address_), sizeof value_);            \
      target = static_cast<std::uint32_t>(from_big_endian(value_));                                    \
    } else if (const std::uint8_t* const bytes_ = core.checked_bytes(address_, sizeof(type), false)) { \
      type value_;                                                                                     \
      std::memcpy(&value_, bytes_, sizeof value_);                                                     \
      target = static_cast<std::uint32_t>(from_big_endian(value_));                                    \
    } else {                                                                                           \
      SYNC();                                                                                          \
      const std::uint32_t value_ = core.load(address_, sizeof(type));                                  \
      RELOAD();                                                                                        \
      target = static_cast<std::uint32_t>(static_cast<type>(value_));                                  \
    }                                                                                                  \
  } while (false)
#define STORE(type, address_expression, value_expression)                                              \
  do {                                                                                                 \
    const std::uint32_t address_ = (address_expression);                                               \
    const std::uintptr_t page_ = writable[address_ >> Bus::kPageBits];                                 \
    cycles = timing.store(*op, address_, NOW());                                                       \
    if (page_ != 0 && (address_ & (Bus::kPageSize - 1)) <= Bus::kPageSize - sizeof(type)) [[likely]] { \
      const auto value_ = from_big_endian(static_cast<type>(value_expression));                        \
      std::memcpy(reinterpret_cast<void*>(page_ + address_), &value_, sizeof value_);                  \
    } else if (std::uint8_t* const bytes_ = core.checked_bytes(address_, sizeof(type), true)) {        \
      const auto value_ = from_big_endian(static_cast<type>(value_expression));                        \
      std::memcpy(bytes_, &value_, sizeof value_);                                                     \
    } else {                                                                                           \
      SYNC();                                                                                          \
      core.store(address_, sizeof(type), value_expression);                                            \
      RELOAD();                                                                                        \
    }                                                                                                  \
  } while (false)

resume:
  cycles = core.cycles, deadline = core.deadline, instructions = core.instructions;
  op = core.locate(s.pc);
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
  goto* labels[static_cast<unsigned>(op->code)];

fault:
  if (!core.take_fault()) return;
  goto resume;

#include "emulator/e200/handlers_alu.inc"
#include "emulator/e200/handlers_control.inc"
#include "emulator/e200/handlers_fp.inc"
#include "emulator/e200/handlers_memory.inc"

#undef R
#undef NEXT_PC
#undef NOW
#undef SYNC
#undef RELOAD
#undef DISPATCH
#undef NEXT
#undef RESUME
#undef FOLLOW
#undef FAULT
#undef REQUIRE_PRIVILEGE
#undef REQUIRE_ALIGNED
#undef CHECK_STACK
#undef PSEUDO
#undef HANDLER
#undef LOAD
#undef STORE
}

}  // namespace mcusim::emulator::e200
