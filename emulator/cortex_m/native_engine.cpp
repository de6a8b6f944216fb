#include "emulator/cortex_m/native_engine.h"

#include "emulator/cortex_m/core.h"
#include "emulator/cortex_m/full_timing.h"
#include "emulator/cortex_m/timing_policies.h"

namespace mcusim::emulator::cortex_m {

NativeEngine::NativeEngine(const mcu_models::McuModel& mcu, Bus& bus, Scheduler& scheduler,
                           NativeOptions options)
    : options_(options), core_(std::make_unique<Core>(mcu, bus, scheduler, options.system)) {
  if (options.timing == NativeOptions::Timing::full) {
    full_ = make_full_model(mcu, bus, *core_);
    full_->remember(options.remember);
    core_->set_exception_memory(full_.get());
    core_->set_beyond_source([this] { return full_->beyond_one_cycle(); });
  }
}

NativeEngine::~NativeEngine() = default;

void NativeEngine::reset(Address vector_table) {
  core_->reset(vector_table);
  if (full_) full_->reset();
}

Stop NativeEngine::run(const RunLimits& limits) {
  core_->begin(limits.cycles);
  return execute();
}

Stop NativeEngine::step() {
  core_->begin_step();
  return execute();
}

Stop NativeEngine::execute() {
  switch (options_.timing) {
    case NativeOptions::Timing::off:
      run_uncounted(*core_);
      break;
    case NativeOptions::Timing::table:
      run_counted(*core_);
      break;
    case NativeOptions::Timing::full:
      full_->run(*core_);
      break;
  }
  return core_->stop();
}

Registers NativeEngine::registers() const {
  const CpuState& state = core_->state;
  Registers registers;
  registers.r = state.r;
  registers.r[15] = state.pc;
  registers.xpsr = state.xpsr();
  registers.msp = state.msp();
  registers.psp = state.psp();
  registers.control = state.control;
  registers.s = state.s;
  registers.fpscr = state.fpscr.bits;
  registers.primask = state.primask;
  registers.basepri = state.basepri;
  registers.faultmask = state.faultmask;
  return registers;
}

void NativeEngine::set_registers(const Registers& registers) {
  CpuState& state = core_->state;
  state.set_psr(registers.xpsr, (core_->features() & kDsp) != 0);
  state.select(registers.xpsr & 0x1ff, registers.control);
  state.set_msp(registers.msp);
  state.set_psp(registers.psp);
  const std::uint32_t sp = registers.r[13];
  state.r = registers.r;
  state.r[13] = sp & ~3u;
  state.pc = registers.r[15] & ~1u;
  state.s = registers.s;
  state.fpscr.bits = registers.fpscr & fpu::Fpscr::kWritable;
  state.primask = registers.primask & 1;
  state.basepri = core_->system().interrupts.implemented(registers.basepri);
  state.faultmask = registers.faultmask & 1;
  core_->state_changed();
}

const Counters& NativeEngine::counters() const {
  counters_ = {core_->instructions, core_->skipped, core_->cycles};
  return counters_;
}

std::optional<StallCycles> NativeEngine::stalls() const {
  if (!full_) return std::nullopt;
  return full_->stalls(core_->cycles);
}
std::vector<CacheUse> NativeEngine::caches() const {
  return full_ ? full_->caches() : std::vector<CacheUse>{};
}
void NativeEngine::watch_caches(const CacheWatch::OwnerOf& owner_of) {
  if (full_) watches_ = full_->watch_caches(owner_of);
}
void NativeEngine::follow_bookings(std::vector<Spending::Part>* parts) {
  if (full_) full_->follow_bookings(parts);
}

void NativeEngine::add_probe(Address address) { core_->code().add_probe(address); }
void NativeEngine::remove_probe(Address address) { core_->code().remove_probe(address); }
void NativeEngine::request_stop() { core_->request_stop(); }
void NativeEngine::request_exit(int code) { core_->request_exit(code); }
void NativeEngine::set_breakpoint_listener(std::function<bool(std::uint32_t)> listener) {
  core_->set_breakpoint_listener(std::move(listener));
}
void NativeEngine::attach(bool attached) { core_->attach(attached); }
void NativeEngine::watch(std::vector<Watchpoint> watchpoints) { core_->watch(std::move(watchpoints)); }
WatchHit NativeEngine::watch_hit() const { return core_->watch_hit(); }
void NativeEngine::restart() { core_->restart(); }
void NativeEngine::memory_changed(Address address, Bytes size) {
  core_->code().changed(address, size);
  if (core_->access_listener != nullptr) core_->access_listener->changed(address, size);
}
bool NativeEngine::memory_map_changed() {
  core_->memory_map_changed();
  return true;
}
void NativeEngine::set_reset_listener(std::function<void()> listener) {
  core_->set_reset_listener(std::move(listener));
}
InterruptLines& NativeEngine::interrupt_lines() { return *core_; }

void NativeEngine::set_trace_listener(TraceListener listener) {
  core_->system().itm.set_listener(std::move(listener));
}

std::optional<std::uint32_t> NativeEngine::system_register(Address address) {
  if (!SystemControl::contains(address)) return std::nullopt;
  return core_->system().read(address, 4);
}

std::vector<std::string> NativeEngine::warnings() const {
  const std::optional<std::string> lock = core_->system().dwt.lock_warning();
  return lock ? std::vector{*lock} : std::vector<std::string>{};
}

std::uint64_t NativeEngine::exception_changes() const { return core_->exception_changes; }
bool NativeEngine::follow_calls(CallListener* listener, std::unordered_set<Address> functions) {
  core_->call_listener = listener;
  if (listener != nullptr) core_->code().show_tail_calls(std::move(functions));
  return true;
}
bool NativeEngine::follow_accesses(AccessListener* listener) {
  core_->follow_accesses(listener);
  return true;
}
bool NativeEngine::follow_cycle_reads(CycleReadListener listener) {
  core_->follow_cycle_reads(std::move(listener));
  return true;
}
void NativeEngine::set_stack_areas(StackAreas areas) { core_->set_stack_areas(std::move(areas)); }
std::vector<InstructionCount> NativeEngine::instruction_counts() const {
  return full_ ? full_->counts() : core_->code().counts();
}

}  // namespace mcusim::emulator::cortex_m
