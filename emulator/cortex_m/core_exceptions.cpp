#include <fmt/format.h>

#include <algorithm>

#include "emulator/cortex_m/core.h"
#include "emulator/cortex_m/fault_status.h"

// Exception entry, return and escalation: DDI 0403E B1.5; for Armv8-M without Security Extension DDI 0553 B3.
namespace mcusim::emulator::cortex_m {
namespace {

constexpr Bytes kBasicFrame = 0x20;
constexpr Bytes kExtendedFrame = 0x68;
constexpr unsigned kFrameFpOffset = 0x20;
constexpr unsigned kCallerFpRegisters = 16;
constexpr Address kSystemBus = 0x20000000;  // DDI 0403E B3.1; what lies below has buses of its own.
constexpr std::uint32_t kXpsrStackAlign = 1u << 9;
constexpr std::uint32_t kReturnThread = 1u << 3;
constexpr std::uint32_t kReturnProcessStack = 1u << 2;
constexpr std::uint32_t kReturnBasicFrame = 1u << 4;

Fault as_stacking(Fault kind) { return kind == Fault::mpu_data ? Fault::mpu_stacking : Fault::bus_stacking; }
Fault as_unstacking(Fault kind) {
  return kind == Fault::mpu_data ? Fault::mpu_unstacking : Fault::bus_unstacking;
}

}  // namespace

int Core::execution_priority() const {
  int priority = system_.interrupts.active_priority();
  if (state.basepri != 0) {
    priority =
        std::min(priority, system_.interrupts.group_priority_of(static_cast<std::uint8_t>(state.basepri)));
  }
  if (state.primask != 0) priority = std::min(priority, 0);
  if (state.faultmask != 0) priority = std::min(priority, -1);
  return priority;
}

bool Core::exception_ready() const {
  return system_.interrupts.next() != 0 && system_.interrupts.next_priority() < execution_priority();
}

void Core::record(Fault kind) {
  const FaultStatus& status = status_of(kind);
  const bool in_fault_handler = state.ipsr >= kHardFault && state.ipsr <= kUsageFault;
  cause_ = in_fault_handler && last_fault_ != Fault::none ? name_fault() : "";
  last_fault_ = kind;
  last_fault_pc_ = state.pc;
  last_fault_from_ = state.ipsr;
  // A frame that cannot be stacked for a fault is a consequence of it, mostly of an overflowed stack.
  const bool follows = (kind == Fault::bus_stacking || kind == Fault::mpu_stacking) &&
                       first_fault_.kind != Fault::none && first_fault_.pc == state.pc;
  if (!in_fault_handler && !follows)
    first_fault_ = {kind, state.pc, fault_address_, state.ipsr, access_writes_};
  if ((features_ & kThumb2) == 0) return;  // Armv6-M has no fault registers
  system_.cfsr |= status.cfsr_bit;
  if (kind == Fault::mpu_data) system_.mmfar = fault_address_;
  if (kind == Fault::bus_data) system_.bfar = fault_address_;
}

std::string Core::name_fault() const {
  const FaultStatus& status = status_of(last_fault_);
  return fmt::format("{}: {} at PC 0x{:08x}", exception_name(status.exception), status.text, last_fault_pc_);
}

std::string Core::describe_fault() const {
  const FaultStatus& status = status_of(last_fault_);
  std::string text = name_fault();
  if (status.has_address) text += fmt::format(", address 0x{:08x}", fault_address_);
  if (last_fault_from_ != 0) text += ", in the handler of " + exception_name(last_fault_from_);
  if (!cause_.empty()) text += " (entered for " + cause_ + ")";
  if (system_.hfsr & kHfsrForced) text += ", escalated to HardFault";
  if (system_.hfsr & kHfsrVectorTable) text += ", whose vector could not be read";
  if ((features_ & kThumb2) != 0)
    text += fmt::format(" (CFSR 0x{:08x}, HFSR 0x{:08x})", system_.cfsr, system_.hfsr);
  return text;
}

bool Core::lock_up() {
  state.pc = last_fault_pc_;
  return finish_by_fault(true);
}

std::string Core::cause_of_first_fault() const {
  const FaultStatus& status = status_of(first_fault_.kind);
  const char* access = first_fault_.write ? "write to" : "read of";
  if (first_fault_.kind == Fault::bus_data) {
    const char* why = "where nothing is";
    if (SystemControl::contains(first_fault_.address)) why = "which only privileged code may use";
    if (bus_.find_memory(first_fault_.address) != nullptr) why = "which is read-only";
    return fmt::format("{} 0x{:08x}, {}", access, first_fault_.address, why);
  }
  if (first_fault_.kind == Fault::mpu_data) {
    return fmt::format("{} 0x{:08x}, which the MPU forbids", access, first_fault_.address);
  }
  return status.text;
}

bool Core::finish_by_fault(bool lockup) {
  finish(StopReason::fault, (lockup ? "lockup after " : "") + describe_fault());
  if (first_fault_.kind == Fault::none) return false;  // BKPT or SVC: the detail says all
  FaultRecord record;
  record.exception = exception_name(status_of(first_fault_.kind).exception);
  record.cause = cause_of_first_fault();
  record.pc = first_fault_.pc;
  if (first_fault_.from != 0) record.interrupted = exception_name(first_fault_.from);
  record.escalated = (system_.hfsr & kHfsrForced) != 0;
  record.lockup = lockup;
  if ((features_ & kThumb2) != 0) {
    constexpr std::uint32_t kMmfarValid = 1u << 7, kBfarValid = 1u << 15;
    record.cfsr = system_.cfsr;
    record.hfsr = system_.hfsr;
    if ((system_.cfsr & kMmfarValid) != 0) record.mmfar = system_.mmfar;
    if ((system_.cfsr & kBfarValid) != 0) record.bfar = system_.bfar;
  }
  stop_.fault = std::move(record);
  return false;
}

// A stack pointer that was moved out of its area by plain instructions, as coroutines do, is on another
// stack: nothing is known of that.
bool Core::stack_overflow() {
  const unsigned which = state.on_process_stack() ? 1 : 0;
  if (stacks_[which] && stacks_[which]->may_have(state.r[13])) return finish_by_stack_overflow(0);
  state.known_limits[which] = 0;
  state.update_sp_limit();
  --instructions;  // It has not happened yet.
  return true;
}

bool Core::finish_by_stack_overflow(unsigned exception) {
  const bool process = state.on_process_stack();
  const StackArea& stack = *stacks_[process ? 1 : 0];
  FaultRecord record;
  record.exception = FaultRecord::kStackOverflow;
  record.cause = fmt::format("the {} stack pointer falls below 0x{:08x} ({})", process ? "process" : "main",
                             stack.limit, stack.name);
  if (exception != 0) record.cause += " in the entry of " + exception_name(exception);
  record.pc = state.pc;
  if (state.handler_mode()) record.interrupted = exception_name(state.ipsr);
  finish(StopReason::fault, fmt::format("{}: {}", record.exception, record.cause));
  stop_.fault = std::move(record);
  return false;
}

bool Core::take_fault() {
  const Fault kind = fault;
  fault = Fault::none;
  if (kind == Fault::watchpoint) {
    --instructions;  // It has not happened yet.
    return finish(StopReason::watchpoint);
  }
  if (kind == Fault::stack_overflow && limit_is_known_one()) return stack_overflow();
  record(kind);
  return raise(status_of(kind).exception, state.pc);
}

// A synchronous exception that cannot be taken becomes HardFault; 0 when even that cannot.
unsigned Core::escalate(unsigned exception) {
  const bool configurable = (features_ & kThumb2) != 0 || exception == kSvCall;
  const bool takeable = configurable && system_.interrupts.enabled(exception) &&
                        system_.interrupts.group_priority(exception) < execution_priority();
  if (takeable) return exception;
  if (exception != kHardFault) system_.hfsr |= (features_ & kThumb2) ? kHfsrForced : 0;
  return execution_priority() <= -1 ? 0u : static_cast<unsigned>(kHardFault);
}

bool Core::raise(unsigned exception, Address return_address) {
  const unsigned taken = escalate(exception);
  return taken != 0 ? enter(taken, return_address) : lock_up();
}

std::uint32_t Core::exception_link() const {
  std::uint32_t link = (features_ & kV8m) ? 0xffffffa0u : 0xffffffe1u;
  if ((state.control & kControlFpActive) == 0) link |= kReturnBasicFrame;
  if (!state.handler_mode()) link |= kReturnThread;
  if (state.on_process_stack()) link |= kReturnProcessStack;
  return link;
}

bool Core::store_frame_word(Address address, std::uint32_t value) {
  store_checked(address, 4, value, state.privileged());
  return fault == Fault::none;
}

// Saves the caller's context on the stack in use. Answers what went wrong, after moving SP all the same.
Fault Core::push_frame(Address return_address) {
  const bool with_fp = (state.control & kControlFpActive) != 0;
  const bool align = (system_.ccr & kCcrStackAlign) != 0;
  const bool padded = align && (state.r[13] & 4) != 0;
  const auto size = static_cast<std::uint32_t>(with_fp ? kExtendedFrame : kBasicFrame);
  const Address frame = (state.r[13] - size) & (align ? ~7u : ~3u);
  const std::uint32_t words[] = {
      state.r[0],  state.r[1],  state.r[2],     state.r[3],
      state.r[12], state.r[14], return_address, state.xpsr() | (padded ? kXpsrStackAlign : 0)};
  if (const std::uint32_t limit = state.sp_limits[state.on_process_stack() ? 1 : 0]; frame < limit) {
    state.r[13] = limit;
    return Fault::stack_overflow;
  }
  const bool user = !state.privileged();
  state.r[13] = frame;
  bool stored = true;
  for (unsigned i = 0; stored && i < std::size(words); ++i)
    stored = store_frame_word(frame + i * 4, words[i]);
  if (with_fp && (system_.fpccr & kFpccrLazyEnabled) != 0) {
    system_.fpcar = frame + kFrameFpOffset;
    system_.fpccr = (system_.fpccr & ~kFpccrUser) | kFpccrLazyActive | (user ? kFpccrUser : 0);
  } else if (with_fp) {
    for (unsigned i = 0; stored && i < kCallerFpRegisters; ++i) {
      stored = store_frame_word(frame + kFrameFpOffset + i * 4, state.s[i]);
    }
    if (stored) stored = store_frame_word(frame + kFrameFpOffset + kCallerFpRegisters * 4, state.fpscr.bits);
  }
  const Fault kind = fault;
  fault = Fault::none;
  return stored ? Fault::none : as_stacking(kind);
}

bool Core::enter(unsigned exception, Address return_address) {
  const std::uint32_t link = exception_link();
  const bool saves_fp = (state.control & kControlFpActive) != 0 && (system_.fpccr & kFpccrLazyEnabled) == 0;
  const std::uint32_t sp = state.r[13];
  const Fault stacking = push_frame(return_address);
  const auto& stack = stacks_[state.on_process_stack() ? 1 : 0];
  const bool is_fault = exception >= kHardFault && exception <= kUsageFault;
  if (!is_fault && limit_is_known_one() && state.r[13] < state.sp_limit && stack->may_have(sp)) {
    state.r[13] = sp;
    return finish_by_stack_overflow(exception);
  }
  const Address frame = state.r[13];
  if (stacking != Fault::none) {
    record(stacking);
    if (exception == kHardFault || exception == kNmi) return lock_up();
    const unsigned derived = escalate(status_of(stacking).exception);
    if (derived == 0) return lock_up();
    // The more urgent of the two is entered, the other one waits.
    const bool derived_first =
        system_.interrupts.group_priority(derived) < system_.interrupts.group_priority(exception);
    system_.interrupts.set_pending(derived_first ? exception : derived, true);
    if (derived_first) exception = derived;
  }
  return_address_ = return_address;
  return activate(exception, link, entry_cost(frame, saves_fp, exception), false);
}

// Beyond the zero wait states of a basic frame.
Cycles Core::frame_cycles(Address frame, bool fp, bool is_store) {
  const auto bytes = fp ? kExtendedFrame : kBasicFrame;
  const Cycles wait = exception_memory_ ? exception_memory_->frame_wait(
                                              frame, static_cast<unsigned>(bytes / 4), is_store, cycles)
                                        : 0;
  return wait + (fp ? exception_parameters_.fp_frame : 0);
}

Cycles Core::vector_wait(unsigned exception) {
  return exception_memory_ ? exception_memory_->vector_wait(system_.vtor + exception * 4, cycles) : 0;
}

Cycles Core::entry_cost(Address frame, bool fp, unsigned exception) {
  const bool share_a_bus = frame >= kSystemBus && system_.vtor >= kSystemBus;
  return entry_cycles(exception_parameters_, frame_cycles(frame, fp, true), vector_wait(exception),
                      share_a_bus);
}

Cycles Core::exit_cost(std::uint32_t value) {
  const bool with_fp = (value & kReturnBasicFrame) == 0 && (features_ & kFpSingle) != 0;
  const bool saved_fp = with_fp && (system_.fpccr & kFpccrLazyActive) == 0;
  const Address frame = (value & kReturnProcessStack) != 0 ? state.psp() : state.msp();
  return exception_parameters_.exit + frame_cycles(frame, saved_fp, false);
}

// What becomes due while the mechanism works happens at its time.
void Core::spend_on_exception(Cycles cost) {
  cycles += cost;
  exception_cycles_ += cost;
  scheduler_.set_now(cycles);
  scheduler_.serve();
}

bool Core::activate(unsigned exception, std::uint32_t link, Cycles cost, bool chained) {
  ++exception_changes;
  const Cycles begin = cycles;
  const std::uint32_t frame = state.r[13];
  spend_on_exception(cost);
  // Late arrival: a more urgent exception takes over the frame, and the first one waits (B1.5.11).
  if (system_.interrupts.next() != 0 &&
      system_.interrupts.next_priority() < system_.interrupts.group_priority(exception)) {
    system_.interrupts.set_pending(exception, true);
    exception = system_.interrupts.next();
  }
  state.it = 0;
  state.exclusive = false;
  state.select(exception, state.control & ~(kControlProcessStack | kControlFpActive));
  state.r[14] = link;
  event_ = true;
  system_.interrupts.activate(exception);
  system_.active_vector = exception;
  update_protection();
  update_fp_ready();
  // Vector fetches are not checked by the MPU.
  std::uint32_t vector = 0;
  if (!bus_.fetch(system_.vtor + exception * 4, &vector, 4)) {
    // Behind a fault whose vector is missing, the fault itself is what people want to read.
    if (exception < kHardFault || exception > kUsageFault) record(Fault::vector_table);
    if (features_ & kThumb2) system_.hfsr |= kHfsrVectorTable;
    if (exception == kHardFault || exception == kNmi) return lock_up();
    return activate(kHardFault, link, 0, chained);
  }
  state.pc = vector & ~1u;
  state.thumb = (vector & 1) != 0;
  if (call_listener != nullptr) {
    call_listener->exception_entered({exception, state.pc, frame, return_address_, begin, chained},
                                     flow_point());
  }
  update_deadline();
  if (state.thumb) return true;
  fault = Fault::invalid_state;
  return take_fault();
}

bool Core::supervisor_call(Address return_address) {
  state.pc = return_address;
  last_fault_ = Fault::none;
  first_fault_ = {};
  last_fault_pc_ = return_address;
  last_fault_from_ = state.ipsr;
  return raise(kSvCall, return_address);
}

bool Core::breakpoint(std::uint32_t number) {
  const Address here = state.pc;
  state.pc = here + 2;
  scheduler_.set_now(cycles);
  if (breakpoint_listener_ && breakpoint_listener_(number)) {
    update_deadline();
    return true;
  }
  state.pc = here;
  if (attached_) return finish(StopReason::breakpoint);
  // Without a debugger BKPT is a HardFault (DDI 0403E C1.4.1).
  if (features_ & kThumb2) system_.hfsr |= kHfsrDebugEvent;
  record(Fault::none);
  return raise(kHardFault, here);
}

void Core::branch_to_arm_state(Address target) {
  state.pc = target & ~1u;
  state.thumb = false;
  fault = Fault::invalid_state;
}

// The returning handler ends, and the fault is entered without a new frame.
bool Core::refuse_return(Fault reason, std::uint32_t value) {
  record(reason);
  const unsigned taken = escalate(status_of(reason).exception);
  return taken != 0 ? activate(taken, value, exception_parameters_.tail_chain + vector_wait(taken), true)
                    : lock_up();
}

bool Core::exception_return(std::uint32_t value) {
  InterruptController& interrupts = system_.interrupts;
  const unsigned returning = state.ipsr;
  ++exception_changes;
  const bool v8m = (features_ & kV8m) != 0, has_fp = (features_ & kFpSingle) != 0;
  const std::uint32_t free_bits = (v8m ? 0x6du : 0x0cu) | (has_fp ? kReturnBasicFrame : 0);
  const std::uint32_t fixed = v8m ? 0xffffff90u : 0xfffffff1u;
  const bool to_thread = (value & kReturnThread) != 0, process_stack = (value & kReturnProcessStack) != 0;
  bool valid = ((value | free_bits) == (fixed | free_bits)) && interrupts.active(returning);
  if (!to_thread && process_stack) valid = false;
  const unsigned others = interrupts.active_count() - (interrupts.active(returning) ? 1 : 0);
  if (to_thread && others != 0 && (system_.ccr & kCcrNonBaseThread) == 0) valid = false;
  if (!to_thread && others == 0) valid = false;

  if (interrupts.active(returning)) interrupts.deactivate(returning);
  if (returning != kNmi) state.faultmask = 0;
  if (!valid) return refuse_return(Fault::invalid_pc, value);
  if (exception_ready() || return_is_interrupted(value)) {
    const unsigned next = interrupts.next();
    return activate(next, value, exception_parameters_.tail_chain + vector_wait(next), true);
  }

  Fault failure = Fault::none;
  const std::uint32_t frame = process_stack ? state.psp() : state.msp();
  if (!pop_frame(value, failure)) return refuse_return(failure, value);
  if (call_listener != nullptr) call_listener->exception_returned({state.pc, frame, to_thread}, flow_point());
  event_ = true;
  update_protection();
  update_fp_ready();
  update_deadline();
  if (!state.thumb) {
    fault = Fault::invalid_state;
    return take_fault();
  }
  if (to_thread && (system_.scr & kScrSleepOnExit) != 0 && interrupts.active_count() == 0) {
    return wait_for_interrupt(state.pc);
  }
  return true;
}

// Whether an exception becomes ready during the unstacking, which is then given up: time stands where it did.
bool Core::return_is_interrupted(std::uint32_t value) {
  const Cycles end = cycles + exit_cost(value);
  while (cycles < end) {
    spend_on_exception(std::clamp(scheduler_.next(), cycles, end) - cycles);
    if (cycles < end && exception_ready()) return true;
  }
  return false;
}

bool Core::pop_frame(std::uint32_t value, Fault& failure) {
  const bool to_thread = (value & kReturnThread) != 0, process_stack = (value & kReturnProcessStack) != 0;
  const bool with_fp = (value & kReturnBasicFrame) == 0 && (features_ & kFpSingle) != 0;
  const Address frame = process_stack ? state.psp() : state.msp();
  const bool privileged = !to_thread || (state.control & kControlUnprivileged) == 0;
  const auto read = [&](unsigned index) { return load_checked(frame + index * 4, 4, privileged); };
  std::uint32_t words[8];
  for (unsigned i = 0; i < std::size(words); ++i) words[i] = read(i);
  std::array<std::uint32_t, 32> fp = state.s;
  std::uint32_t fpscr = state.fpscr.bits;
  const bool lazy = (system_.fpccr & kFpccrLazyActive) != 0;
  if (with_fp && !lazy) {
    for (unsigned i = 0; i < kCallerFpRegisters; ++i) fp[i] = read(kFrameFpOffset / 4 + i);
    fpscr = read(kFrameFpOffset / 4 + kCallerFpRegisters);
  }
  if (fault != Fault::none) {
    failure = as_unstacking(fault);
    fault = Fault::none;
    return false;
  }
  const std::uint32_t psr = words[7];
  if (to_thread != ((psr & 0x1ff) == 0)) {
    failure = Fault::invalid_pc;
    return false;
  }
  if (with_fp) {
    state.s = fp;
    state.fpscr.bits = fpscr;
    system_.fpccr &= ~kFpccrLazyActive;
  }
  const auto size = static_cast<std::uint32_t>(with_fp ? kExtendedFrame : kBasicFrame);
  const bool padded = (psr & kXpsrStackAlign) != 0 && (system_.ccr & kCcrStackAlign) != 0;
  const std::uint32_t sp = (frame + size) | (padded ? 4u : 0u);
  if (process_stack)
    state.set_psp(sp);
  else
    state.set_msp(sp);
  std::uint32_t control = state.control & kControlUnprivileged;
  if (process_stack) control |= kControlProcessStack;
  if (with_fp) control |= kControlFpActive;
  state.select(psr & 0x1ff, control);
  system_.active_vector = state.ipsr;
  for (unsigned i = 0; i < 4; ++i) state.r[i] = words[i];
  state.r[12] = words[4];
  state.r[14] = words[5];
  state.pc = words[6] & ~1u;
  state.set_psr(psr, (features_ & kDsp) != 0);
  return true;
}

}  // namespace mcusim::emulator::cortex_m
