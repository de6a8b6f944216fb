#include "emulator/e200/core.h"

#include <algorithm>

namespace mcusim::emulator::e200 {
Core::Core(const mcu_models::McuModel& mcu, Bus& bus, Scheduler& scheduler)
    : bus_(bus),
      scheduler_(scheduler),
      costs_(mcu.core),
      entry_cycles_(mcu.core.exceptions.entry),
      decoder_(costs_),
      code_(bus, decoder_, writable_, [this](Address base) { return may_execute_page(base); }),
      sprs_(spr_rows().size()) {}

void Core::reset(Address entry) {
  code_.clear();
  readable_.clear();
  writable_.clear();
  cycles = instructions = 0;
  reset_entry_ = entry;
  start();
}

void Core::restart() {
  if (reset_listener_) reset_listener_();
  start();
}

void Core::start() {
  state = CpuState{};
  mpu_.reset();
  update_protection();
  fault = Fault::none;
  last_fault_.reset();
  in_fault_handler_ = false;
  interrupted_.clear();
  control_.restart();
  stack_limit = kUnknownLimit;
  stack_.reset();
  scheduler_.set_now(cycles);
  for (std::size_t row = 0; row < sprs_.size(); ++row) sprs_[row] = spr_rows()[row].reset;
  time_base_start_ = 0 - cycles;
  decrementer_value_ = 0;
  decrementer_set_ = cycles;
  ++decrementer_generation_;
  ++time_base_generation_;
  state.pc = reset_entry_;
  update_deadline();
  if (call_listener != nullptr) call_listener->restarted(state.pc, flow_point());
}

bool Core::finish(StopReason reason, std::string detail) {
  stop_ = {reason, state.pc, control_.exit_code(), std::move(detail), {}};
  return false;
}

void Core::begin(Cycles limit) {
  control_.begin(limit, state.pc);
  fault_requested_ = false;
  fault = Fault::none;
  update_deadline();
}

void Core::begin_step() {
  begin(cycles);
  control_.begin_step(cycles, state.pc);
  update_deadline();
}

void Core::request_stop() {
  control_.request_stop();
  deadline = 0;
}

void Core::request_exit(int code) {
  control_.request_exit(code);
  deadline = 0;
}

void Core::request_fault(std::string exception, std::string cause) {
  last_fault_.emplace();
  last_fault_->exception = std::move(exception);
  last_fault_->cause = std::move(cause);
  last_fault_->pc = state.pc;
  fault_requested_ = true;
  request_stop();
}

void Core::leave_stack(Address sp) {
  if (!stack_ || !stack_->may_have(state.r[1])) stack_ = stack_areas_.of(state.r[1]);
  stack_limit = stack_ ? stack_->limit : 0;
  if (sp < stack_limit) fault = Fault::stack_overflow;
}

// In the order of the priorities in EREF.
std::optional<Interrupt> Core::due_interrupt() const {
  if ((state.msr & kMsrCritical) != 0 && timer_pending(kTcrWatchdogEnable, kTsrWatchdog))
    return Interrupt::watchdog;
  if ((state.msr & kMsrExternal) == 0) return std::nullopt;
  if (interrupt_source_ != nullptr && interrupt_source_->pending()) return Interrupt::external_input;
  if (timer_pending(kTcrFixedIntervalEnable, kTsrFixedInterval)) return Interrupt::fixed_interval_timer;
  if (timer_pending(kTcrDecrementerEnable, kTsrDecrementer)) return Interrupt::decrementer;
  return std::nullopt;
}

bool Core::can_be_interrupted() const {
  return (state.msr & kMsrExternal) != 0 ||
         ((state.msr & kMsrCritical) != 0 && (spr(spr::tcr) & kTcrWatchdogEnable) != 0);
}

void Core::update_deadline() {
  const bool now = control_.waits() || protection_changed_ || due_interrupt();
  // So far off that it means never, and times can be added to it.
  constexpr Cycles kFar = Cycles{1} << 62;
  deadline = now ? 0 : std::min({scheduler_.next(), control_.limit(), kFar});
}

bool Core::serve() {
  protection_changed_ = false;  // The loop locates its next operation whatever comes.
  scheduler_.set_now(cycles);
  scheduler_.serve();
  if (fault_requested_) {
    last_fault_->pc = state.pc;
    return finish_by_fault();
  }
  if (const auto reason = control_.end(cycles)) return finish(*reason);
  control_.grant_step();
  if (const auto interrupt = due_interrupt()) return enter(*interrupt, state.pc);
  update_deadline();
  return true;
}

bool Core::fetch(Operation& operation) {
  if (!code_.decode(operation)) {
    fetch_fails(operation.pc);
  } else if (!permitted(operation.pc, 2u * operation.slots, Mpu::Kind::execute)) {
    operation.code = Code::decode;
  }
  return fault == Fault::none;
}

void Core::fetch_fails(Address pc) {
  if (permitted(pc, 2, Mpu::Kind::execute)) fault_at(Fault::fetch_bus, pc);
}

const Encoding* Core::encoding_of(const Operation& op) const {
  std::uint8_t bytes[4] = {};
  bus_.fetch(op.pc, bytes, 2);
  if (op.slots == 2) bus_.fetch(op.pc + 2, bytes + 2, 2);
  return decoder_.find(static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]),
                       static_cast<std::uint16_t>(bytes[2] << 8 | bytes[3]));
}

bool Core::stops_at_probe(Address pc) { return control_.stops_at_probe(pc) && !finish(StopReason::probe); }

bool Core::skip_time(StopReason when_forever) {
  const RunControl::Wait wait =
      control_.skip_time(scheduler_, cycles, [this] { return due_interrupt().has_value(); });
  if (wait == RunControl::Wait::forever) return finish(when_forever);
  asleep_ = wait == RunControl::Wait::interrupted;
  update_deadline();
  return true;
}

bool Core::self_branch() {
  if (in_fault_handler_) return finish_by_fault();
  if (!can_be_interrupted()) return finish(StopReason::self_branch);
  const bool goes_on = skip_time(StopReason::self_branch);
  // The whole wait counts as one instruction, in however many runs.
  if (goes_on && asleep_) --instructions;
  return goes_on;
}

// A run that ends during the wait does not end the wait: the instruction is executed, and counted, again.
bool Core::wait(Address next) {
  const Address own = state.pc;
  state.pc = next;
  const bool goes_on = skip_time(StopReason::sleep);
  if (goes_on && asleep_) {
    state.pc = own;
    --instructions;
  }
  return goes_on;
}

}  // namespace mcusim::emulator::e200
