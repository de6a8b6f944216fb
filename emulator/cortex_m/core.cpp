#include "emulator/cortex_m/core.h"

#include <algorithm>

namespace mcusim::emulator::cortex_m {

Core::Core(const mcu_models::McuModel& mcu, Bus& bus, Scheduler& scheduler)
    : features_(features_of(mcu.core, mcu.fpu)),
      bus_(bus),
      scheduler_(scheduler),
      costs_(mcu.core),
      decoder_(features_, costs_),
      code_(bus, decoder_, writable_) {
  unaligned_allowed_ = (features_ & kThumb2) != 0;
  state.fp_ready = (features_ & kFpSingle) != 0;
}

void Core::reset(Address vector_table) {
  const bool fp_ready = state.fp_ready;
  state = CpuState{};
  state.fp_ready = fp_ready;
  cycles = instructions = skipped = 0;
  fault = Fault::none;
  readable_.clear();
  writable_.clear();
  code_.clear();
  state.r[14] = 0xffffffffu;
  state.r[13] = bus_.read(vector_table, 4).value & ~3u;
  const std::uint32_t entry = bus_.read(vector_table + 4, 4).value;
  state.pc = entry & ~1u;
  state.thumb = (entry & 1) != 0;
  passed_probe_.reset();
}

bool Core::finish(StopReason reason, std::string detail) {
  stop_ = {reason, state.pc, 0, std::move(detail)};
  return false;
}

void Core::begin(Cycles limit) {
  limit_ = limit;
  stop_requested_ = false;
  update_deadline();
}

void Core::request_stop() {
  stop_requested_ = true;
  deadline = 0;
}

void Core::update_deadline() { deadline = stop_requested_ ? 0 : std::min(scheduler_.next(), limit_); }

bool Core::serve() {
  scheduler_.set_now(cycles);
  scheduler_.serve();
  if (stop_requested_) return finish(StopReason::requested);
  if (cycles >= limit_) return finish(StopReason::cycle_limit);
  update_deadline();
  return true;
}

bool Core::stops_at_probe(Address pc) {
  if (passed_probe_ == pc) {
    passed_probe_.reset();
    return false;
  }
  passed_probe_ = pc;
  return !finish(StopReason::probe);
}

bool Core::take_fault() {
  return finish(StopReason::fault, "fault " + std::to_string(static_cast<int>(fault)));
}
bool Core::supervisor_call(Address) { return finish(StopReason::fault, "SVC"); }
bool Core::breakpoint(std::uint32_t) { return finish(StopReason::fault, "BKPT"); }
bool Core::exception_return(std::uint32_t) { return finish(StopReason::fault, "exception return"); }
void Core::branch_to_arm_state(Address target) {
  state.pc = target & ~1u;
  state.thumb = false;
  fault = Fault::invalid_state;
}
bool Core::self_branch() { return finish(StopReason::self_branch); }
bool Core::sleep() { return finish(StopReason::sleep); }
bool Core::wait_for_interrupt(Address next) {
  state.pc = next;
  return sleep();
}
bool Core::wait_for_event(Address next) {
  state.pc = next;
  return sleep();
}
void Core::change_masks(bool, std::uint32_t) {}
std::uint32_t Core::read_special(unsigned) const { return 0; }
void Core::write_special(unsigned, unsigned, std::uint32_t) {}
std::uint32_t Core::test_target(Address, unsigned) const { return 0; }
void Core::prepare_fp() { fault = Fault::no_coprocessor; }

}  // namespace mcusim::emulator::cortex_m
