#include "emulator/cortex_m/core.h"

#include <algorithm>

namespace mcusim::emulator::cortex_m {
Core::Core(const mcu_models::McuModel& mcu, Bus& bus, Scheduler& scheduler, const SystemOptions& options)
    : features_(features_of(mcu.core, mcu.fpu)),
      exception_parameters_(mcu.core.exceptions),
      bus_(bus),
      scheduler_(scheduler),
      costs_(mcu.core),
      decoder_(features_, costs_),
      code_(bus, decoder_, writable_, [this](Address address) { return may_fetch(address); }),
      system_(mcu, features_, scheduler, options) {
  system_.dwt.set_event_source([this] { return event_totals(); });
  unaligned_allowed_ = (features_ & kThumb2) != 0;
}

void Core::start(Address vector_table) {
  state = CpuState{};
  fault = Fault::none;
  event_ = false;
  scheduler_.set_now(cycles);
  system_.reset(vector_table);
  readable_.clear();
  writable_.clear();
  code_.hide_pages();
  system_changed();
  state.r[14] = 0xffffffffu;
  state.r[13] = bus_.read(vector_table, 4).value & ~3u;
  const std::uint32_t entry = bus_.read(vector_table + 4, 4).value;
  state.pc = entry & ~1u;
  state.thumb = (entry & 1) != 0;
  know_stack(false, state.r[13]);
  know_stack(true, 0);
  state.update_sp_limit();
  if (call_listener != nullptr) call_listener->restarted(state.pc, flow_point());
}

void Core::reset(Address vector_table) {
  code_.clear();
  cycles = instructions = skipped = exception_changes = 0;
  exception_cycles_ = sleep_cycles_ = 0;
  control_.restart();
  last_fault_ = Fault::none;
  first_fault_ = {};
  reset_vector_table_ = vector_table;
  start(vector_table);
}

bool Core::finish(StopReason reason, std::string detail) {
  stop_ = {reason, state.pc, control_.exit_code(), std::move(detail), {}};
  return false;
}

void Core::begin(Cycles limit) {
  control_.begin(limit, state.pc);
  fault = Fault::none;
  update_deadline();
}

void Core::begin_step() {
  begin(cycles);
  control_.begin_step(cycles, state.pc);
  update_deadline();
}

void Core::restart() {
  if (reset_listener_) reset_listener_();
  control_.restart();
  start(reset_vector_table_);
}

void Core::request_stop() {
  control_.request_stop();
  deadline = 0;
}

void Core::request_exit(int code) {
  control_.request_exit(code);
  deadline = 0;
}

void Core::set(unsigned irq, bool level) {
  system_.interrupts.set_level(kFirstInterrupt + irq, level);
  update_deadline();
}

void Core::update_deadline() {
  const bool now =
      control_.waits() || map_changed_ || system_.reset_requested || !state.thumb || exception_ready();
  // So far off that it means never, and times can be added to it.
  constexpr Cycles kFar = Cycles{1} << 62;
  deadline = now ? 0 : std::min({scheduler_.next(), control_.limit(), kFar});
}

// From now on the stack pointer belongs to the area that it lies in.
void Core::know_stack(bool process, std::uint32_t sp) {
  const unsigned which = process ? 1 : 0;
  stacks_[which] = stack_areas_.of(sp);
  state.known_limits[which] = stacks_[which] ? stacks_[which]->limit : 0;
}

void Core::system_changed() {
  unaligned_allowed_ = (features_ & kThumb2) != 0 && (system_.ccr & kCcrUnalignTrap) == 0;
  traps_divide_by_zero_ = (system_.ccr & kCcrDivideTrap) != 0;
  update_protection();
  update_fp_ready();
  update_deadline();
}

void Core::state_changed() {
  system_.active_vector = state.ipsr;
  system_changed();
}

// The loop still holds the operation that is being executed, so its page goes at the next boundary.
void Core::memory_map_changed() {
  readable_.clear();
  writable_.clear();
  map_changed_ = true;
  update_deadline();
}

bool Core::serve() {
  scheduler_.set_now(cycles);
  scheduler_.serve();
  if (map_changed_) {
    map_changed_ = false;
    readable_.clear();
    writable_.clear();
    code_.restart();
  }
  if (const auto reason = control_.end(cycles)) return finish(*reason);
  if (system_.reset_requested) {
    if (reset_listener_) reset_listener_();
    start(reset_vector_table_);
  }
  control_.grant_step();
  if (!state.thumb) {
    fault = Fault::invalid_state;
    return take_fault();
  }
  if (exception_ready()) return enter(system_.interrupts.next(), state.pc);
  update_deadline();
  return true;
}

bool Core::stops_at_probe(Address pc) { return control_.stops_at_probe(pc) && !finish(StopReason::probe); }

bool Core::skip_time(StopReason when_forever, const std::function<bool()>& wakes) {
  const RunControl::Wait wait = control_.skip_time(scheduler_, cycles, wakes);
  if (wait == RunControl::Wait::forever) return finish(when_forever);
  asleep_ = wait == RunControl::Wait::interrupted;
  update_deadline();
  return true;
}

bool Core::self_branch() {
  if (state.ipsr >= kHardFault && state.ipsr <= kUsageFault) return finish_by_fault(false);
  // With interrupts masked nothing ends the loop.
  if (state.primask != 0 || state.faultmask != 0) return finish(StopReason::self_branch);
  const bool goes_on = skip_time(StopReason::self_branch, [this] { return exception_ready(); });
  // As in sleep(): the whole wait counts as one instruction, in however many runs.
  if (goes_on && asleep_) --instructions;
  return goes_on;
}

// WFI ends for an exception that would preempt if PRIMASK were clear (DDI 0403E B1.5.19).
bool Core::wakes_from_sleep() const {
  if (state.primask == 0) return exception_ready();
  int priority = system_.interrupts.active_priority();
  if (state.basepri != 0) {
    priority =
        std::min(priority, system_.interrupts.group_priority_of(static_cast<std::uint8_t>(state.basepri)));
  }
  return system_.interrupts.next() != 0 && system_.interrupts.next_priority() < priority;
}

// A run that ends during the sleep does not end the sleep: the instruction is executed, and counted, again.
bool Core::sleep(Address next, const std::function<bool()>& wakes) {
  const Address own = state.pc;
  const Cycles before = cycles;
  state.pc = next;
  const bool goes_on = skip_time(StopReason::sleep, wakes);
  sleep_cycles_ += cycles - before;
  if (goes_on && asleep_) {
    state.pc = own;
    --instructions;
  }
  return goes_on;
}

// What the DWT counts. The loops know the cycles of each instruction; what is none of the others is `cpi`,
// so that instructions = cycles - cpi - exception - sleep - load_store + fold holds exactly.
EventTotals Core::event_totals() const {
  const BeyondOneCycle beyond = beyond_source_ ? beyond_source_() : code_.beyond_one_cycle();
  const std::uint64_t further =
      cycles - instructions - exception_cycles_ - sleep_cycles_ - beyond.load_store + beyond.folded;
  return {{further, exception_cycles_, sleep_cycles_, beyond.load_store, beyond.folded}};
}

bool Core::wait_for_interrupt(Address next) {
  return sleep(next, [this] { return wakes_from_sleep(); });
}

bool Core::wait_for_event(Address next) {
  const bool on_pending = (system_.scr & kScrSendEventOnPending) != 0;
  const bool goes_on = sleep(next, [this, on_pending] {
    return event_ || wakes_from_sleep() || (on_pending && system_.interrupts.any_interrupt_pending());
  });
  event_ = false;
  return goes_on;
}

}  // namespace mcusim::emulator::cortex_m
