#include "emulator/e200/native_engine.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/error.h"
#include "emulator/e200/core.h"
#include "emulator/e200/full_timing.h"
#include "emulator/e200/timing_policies.h"

namespace mcusim::emulator::e200 {
namespace {

/// RCHW with a boot identifier (BAF of SPC58 and MPC57xx): the words behind it are entries of the cores.
constexpr std::uint32_t kBootIdMask = 0x00ff0000, kBootId = 0x005a0000, kBootIdSpc58 = 0x00a50000;

/// 0 where no memory is.
std::uint32_t word_at(const Bus& bus, Address address) {
  std::uint8_t bytes[4] = {};
  if (!bus.fetch(address, bytes, sizeof bytes)) return 0;
  std::uint32_t word = 0;
  for (const std::uint8_t byte : bytes) word = word << 8 | byte;
  return word;
}

Registers shown(const CoreRegisters& own) {
  Registers registers;
  std::copy_n(own.r.begin(), 13, registers.r.begin());
  registers.r[13] = own.r[1];
  registers.r[14] = own.lr;
  registers.r[15] = own.pc;
  registers.power = own;
  return registers;
}

}  // namespace

NativeEngine::NativeEngine(const mcu_models::McuModel& mcu, Bus& bus, Scheduler& scheduler,
                           NativeOptions options)
    : options_(options), bus_(bus), core_(std::make_unique<Core>(mcu, bus, scheduler)) {
  core_->set_interrupt_source(options.interrupts);
  if (options.timing != NativeOptions::Timing::full) return;
  if (!options.pipeline) {
    throw InputError(fmt::format("{}: full timing is not modelled yet for {}, use --timing table", mcu.name,
                                 mcu.core.name));
  }
  full_ = std::make_unique<FullModel>(mcu, *options.pipeline, bus, *core_);
  full_->replay.remember(options.remember);
}

NativeEngine::~NativeEngine() = default;

bool has_boot_header(const Bus& bus, Address address) {
  const std::uint32_t id = word_at(bus, address) & kBootIdMask;
  return id == kBootId || id == kBootIdSpc58;
}

void NativeEngine::reset(Address start) {
  core_->reset(has_boot_header(bus_, start) ? word_at(bus_, start + 4) & ~1u : start);
  if (full_) full_->replay.reset();
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
  if (full_)
    full_->run(*core_);
  else if (options_.timing == NativeOptions::Timing::off)
    run_uncounted(*core_);
  else
    run_counted(*core_);
  return core_->stop();
}

Registers NativeEngine::registers() const { return shown(core_->registers()); }

void NativeEngine::set_registers(const Registers& registers) {
  if (registers.power) core_->set_registers({*registers.power, registers.r[14], registers.r[15]});
}

std::vector<Registers> NativeEngine::interrupted_code() const {
  std::vector<Registers> code;
  for (const CoreRegisters& registers : core_->interrupted()) code.insert(code.begin(), shown(registers));
  return code;
}

std::uint64_t NativeEngine::replayed() const { return full_ ? full_->replay.replayed() : 0; }

const Counters& NativeEngine::counters() const {
  counters_ = {core_->instructions, 0, core_->cycles};
  return counters_;
}

std::optional<StallCycles> NativeEngine::stalls() const {
  if (!full_) return std::nullopt;
  return full_->replay.stalls(core_->cycles);
}
std::vector<CacheUse> NativeEngine::caches() const {
  return full_ ? full_->replay.pipeline().caches() : std::vector<CacheUse>{};
}
void NativeEngine::watch_caches(const CacheWatch::OwnerOf& owner_of) {
  if (full_) watches_ = full_->watch_caches(owner_of);
}
void NativeEngine::follow_bookings(std::vector<Spending::Part>* parts) {
  if (full_) full_->replay.follow_bookings(parts);
}

void NativeEngine::add_probe(Address address) { core_->code().add_probe(address); }
void NativeEngine::remove_probe(Address address) { core_->code().remove_probe(address); }
void NativeEngine::request_stop() { core_->request_stop(); }
void NativeEngine::request_fault(std::string exception, std::string cause) {
  core_->request_fault(std::move(exception), std::move(cause));
}
void NativeEngine::request_exit(int code) { core_->request_exit(code); }
void NativeEngine::watch(std::vector<Watchpoint> watchpoints) { core_->watch(std::move(watchpoints)); }
WatchHit NativeEngine::watch_hit() const { return core_->watch_hit(); }
void NativeEngine::restart() { core_->restart(); }
void NativeEngine::memory_changed(Address address, Bytes size) {
  core_->code().changed(address, size);
  if (core_->access_listener != nullptr) core_->access_listener->changed(address, size);
}
void NativeEngine::set_stack_areas(StackAreas areas) { core_->set_stack_areas(std::move(areas)); }
bool NativeEngine::follow_accesses(AccessListener* listener) {
  core_->follow_accesses(listener);
  return true;
}
void NativeEngine::set_reset_listener(std::function<void()> listener) {
  core_->set_reset_listener(std::move(listener));
}
void NativeEngine::interrupts_changed() { core_->update_deadline(); }
bool NativeEngine::follow_calls(CallListener* listener, std::unordered_set<Address> functions) {
  core_->call_listener = listener;
  if (listener != nullptr) core_->code().show_tail_calls(std::move(functions));
  return true;
}
std::vector<std::string> NativeEngine::warnings() const {
  if (!core_->mpu().tid_control()) return {};
  return {
      "MPU0CSR0[TIDCTL] is set: what it changes is not known, the MPU compares TID and PID0 all the same"};
}
std::vector<InstructionCount> NativeEngine::instruction_counts() const {
  return full_ ? full_->counts() : core_->code().counts();
}

}  // namespace mcusim::emulator::e200
