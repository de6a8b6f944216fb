#include "emulator/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "common/error.h"
#include "emulator/cortex_m/native_engine.h"
#include "emulator/hazards.h"
#include "emulator/lockstep/lockstep_engine.h"
#include "emulator/machine_parts.h"
#include "emulator/unicorn/unicorn_engine.h"

namespace mcusim::emulator {
namespace {

cortex_m::NativeOptions::Timing timing_named(const std::string& name) {
  using Timing = cortex_m::NativeOptions::Timing;
  if (name == "off") return Timing::off;
  if (name == "table") return Timing::table;
  if (name == "full") return Timing::full;
  throw InputError(fmt::format("timing {}: no such timing; use off, table or full", name));
}

std::unique_ptr<Engine> make_engine(const MachineOptions& options, const cortex_m::SystemOptions& system,
                                    Bus& bus, Scheduler& scheduler, const mcu_models::McuModel& mcu) {
  const std::string& name = options.engine;
  const auto timing = timing_named(options.timing);
  if (options.timing != "table" && (options.lockstep || name != "native")) {
    throw InputError(fmt::format("timing {}: needs --engine native without --lockstep; use --timing table",
                                 options.timing));
  }
  if (options.lockstep && name == "native")
    return std::make_unique<LockstepEngine>(mcu, bus, scheduler, system);
  if (options.lockstep)
    throw InputError(fmt::format("lockstep: compares native with unicorn; leave out --engine {}", name));
  if (name == "native") {
    return std::make_unique<cortex_m::NativeEngine>(mcu, bus, scheduler,
                                                    cortex_m::NativeOptions{timing, system});
  }
  if (name == "unicorn") return make_unicorn_engine(bus, scheduler, mcu.core);
  throw InputError(fmt::format("engine {}: no such engine; use native or unicorn", name));
}

e200::NativeOptions::Timing vle_timing(const std::string& name) {
  using Timing = e200::NativeOptions::Timing;
  switch (timing_named(name)) {
    case cortex_m::NativeOptions::Timing::off:
      return Timing::off;
    case cortex_m::NativeOptions::Timing::table:
      return Timing::table;
    default:
      return Timing::full;
  }
}

/// Between two looks whether the machine is idle.
constexpr Cycles kIdleCheck = 100'000;

}  // namespace

// Looks from time to time, by itself from the first call on.
void Machine::Parts::check_idle() {
  const bool input_ended = console_line == nullptr || console_line->input_ended();
  if (idle.idle(clocks.time().seconds(scheduler.now()), input_ended)) {
    idle_reached = true;
    engine->request_stop();
  }
  scheduler.at(scheduler.now() + kIdleCheck, [this] { check_idle(); });
}

void Machine::Parts::add_semihosting(semihosting::Options options) {
  DebugAccess* const core = engine->debug();
  if (core == nullptr) return;
  const auto seconds = [this] { return clocks.time().seconds(engine->counters().cycles); };
  if (options.output) {
    options.output = [this, seconds, listener = options.output](std::string_view text) {
      idle.output(seconds());
      listener(text);
    };
  }
  semihosting.emplace(std::move(options), bus, *core, seconds);
  core->set_breakpoint_listener([this](std::uint32_t number) {
    if (number != semihosting::kBreakpoint) return false;
    Registers registers = engine->registers();
    registers.r[0] = semihosting->call(registers.r[0], registers.r[1]);
    engine->set_registers(registers);
    return true;
  });
}

void Machine::Parts::add_trace(const MachineOptions& options) {
  const auto listen = [this, listener = options.trace](unsigned port, unsigned width, std::uint32_t value) {
    if (port != 0 && stimulus) stimulus(port, width, value);
    if (port != 0 || !listener) return;
    idle.output(clocks.time().seconds(scheduler.now()));
    // Some firmware writes a character as a word.
    while (width > 1 && value >> (width - 1) * 8 == 0) --width;
    char bytes[4];
    for (unsigned i = 0; i < width; ++i) bytes[i] = static_cast<char>(value >> i * 8);
    listener({bytes, width});
  };
  engine->set_trace_listener(listen);
  if (system_space != nullptr) system_space->itm().set_listener(listen);
}

std::string Machine::Parts::list_memories() const {
  std::string list;
  for (const Bus::Memory& memory : bus.memories()) {
    list += fmt::format("{}{} {:#010x}-{:#010x}", list.empty() ? "" : ", ", memory.name, memory.base,
                        memory.base + memory.size - 1);
  }
  return list;
}

Address Machine::Parts::vector_table(const Image& image) const {
  // The lowest address that is programmed into flash; of a program for RAM, the lowest at all.
  Address lowest[2] = {~Address{0}, ~Address{0}};
  for (const Segment& segment : image.segments) {
    const Bus::Memory* memory = bus.find_memory(segment.address);
    Address& found = lowest[memory != nullptr && memory->writable ? 1 : 0];
    found = std::min(found, segment.address);
  }
  for (const Address address : lowest) {
    if (address != ~Address{0}) return address;
  }
  for (const Bus::Memory& memory : bus.memories()) {
    if (!memory.writable) return memory.base;
  }
  return 0;
}

void Machine::Parts::make_vle_engine(const MachineOptions& options) {
  if (options.engine != "native" || options.lockstep) {
    throw InputError(fmt::format("{}: only --engine native executes VLE; leave out {}", part.name,
                                 options.lockstep ? "--lockstep" : "--engine " + options.engine));
  }
  auto made = std::make_unique<e200::NativeEngine>(
      part, bus, scheduler,
      e200::NativeOptions{vle_timing(options.timing), interrupt_controller, interrupt_controller,
                          vle.pipeline});
  vle_engine = made.get();
  engine = std::move(made);
  if (interrupt_controller != nullptr)
    interrupt_controller->set_listener([this] { vle_engine->interrupts_changed(); });
}

Address Machine::Parts::start_of(const Image& image) const {
  const Address lowest = vector_table(image);
  if (is_arm(part)) return lowest;
  return e200::has_boot_header(bus, lowest) || image.entry == 0 ? lowest : image.entry;
}

bool Machine::Parts::missing_byte(const Segment& segment) const {
  const std::uint64_t end = segment.address + std::uint64_t{segment.bytes.size()};
  for (std::uint64_t at = segment.address; at < end;) {
    const Bus::Memory* memory = bus.find_memory(static_cast<Address>(at));
    if (memory == nullptr) return true;
    at = memory->base + memory->size;
    if (at > ~Address{0} && at < end) return true;
  }
  return false;
}

void Machine::Parts::store(const Segment& segment) {
  for (std::size_t done = 0; done < segment.bytes.size();) {
    const Address at = segment.address + static_cast<Address>(done);
    const Bus::Memory* memory = bus.find_memory(at);
    const std::size_t size =
        std::min<std::size_t>(segment.bytes.size() - done, memory->base + memory->size - at);
    bus.load(at, segment.bytes.data() + done, size);
    done += size;
  }
}

Machine::Machine(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board,
                 const MachineOptions& options)
    : parts_(std::make_unique<Parts>(mcu, board)) {
  parts_->add_memories(mcu);
  parts_->add_peripherals(mcu, board, options);
  if (options.engine == "unicorn" && is_arm(mcu)) parts_->add_system_space(mcu, options);
  parts_->add_catch_all(mcu);
  if (is_arm(mcu))
    parts_->engine =
        make_engine(options, parts_->system_options(options), parts_->bus, parts_->scheduler, mcu);
  else
    parts_->make_vle_engine(options);
  parts_->add_semihosting(options.semihosting);
  parts_->add_trace(options);
  parts_->engine->set_reset_listener([parts = parts_.get()] { parts->reset_devices(); });
  parts_->clocks.on_change([parts = parts_.get()] {
    for (const std::unique_ptr<Device>& device : parts->devices) device->clocks_changed();
  });
  parts_->clocks.on_core_change([parts = parts_.get()] {
    // Where the limit in seconds lies in cycles has to be told anew.
    if (!parts->limit_in_seconds) return;
    parts->core_clock_changed = true;
    parts->engine->request_stop();
  });
  if (options.stop_when_idle) parts_->check_idle();
}

Machine::~Machine() = default;

void Machine::load(const Image& image) {
  for (const Segment& segment : image.segments) {
    if (parts_->missing_byte(segment)) {
      throw InputError(
          fmt::format("{}: segment at {:#010x} of {} bytes is outside the memories ({}); link it for this "
                      "MCU or choose another",
                      image.file, segment.address, segment.bytes.size(), parts_->list_memories()));
    }
  }
  for (const Segment& segment : image.segments) parts_->store(segment);
  parts_->clocks.restart();
  parts_->engine->set_stack_areas(StackAreas(image));
  parts_->engine->reset(parts_->start_of(image));
}

Stop Machine::run(const RunLimits& limits) {
  parts_->limit_in_seconds = std::isfinite(limits.seconds);
  while (true) {
    parts_->core_clock_changed = false;
    RunLimits cycles;
    cycles.cycles = limits.cycles;
    if (parts_->limit_in_seconds) {
      cycles.cycles = std::min(cycles.cycles, parts_->clocks.time().cycle_at(limits.seconds));
    }
    Stop stop = parts_->engine->run(cycles);
    if (parts_->idle_reached && stop.reason == StopReason::requested) stop.reason = StopReason::idle;
    const bool by_us = stop.reason == StopReason::requested || stop.reason == StopReason::cycle_limit;
    if (!parts_->core_clock_changed || !by_us) return stop;
  }
}
Stop Machine::step() {
  // A change of the clock must not end it: no limit depends on it.
  parts_->limit_in_seconds = false;
  return parts_->engine->debug()->step();
}

void Machine::follow_stimulus(Engine::TraceListener listener) { parts_->stimulus = std::move(listener); }
Engine& Machine::engine() { return *parts_->engine; }
Bus& Machine::bus() { return parts_->bus; }
const Bus& Machine::bus() const { return parts_->bus; }
Scheduler& Machine::scheduler() { return parts_->scheduler; }
bool Machine::big_endian() const { return mcu_models::is_big_endian(parts_->part.core.architecture); }

Hertz Machine::clock() const { return parts_->clocks.core(); }
double Machine::seconds() const { return parts_->clocks.time().seconds(parts_->engine->counters().cycles); }
std::vector<std::string> Machine::warnings() const {
  std::vector<std::string> warnings = parts_->engine->warnings();
  if (parts_->system_space != nullptr) {
    if (auto lock = parts_->system_space->dwt().lock_warning()) warnings.push_back(std::move(*lock));
  }
  return warnings;
}
std::vector<std::string> Machine::not_modelled() const { return parts_->log.list(); }

std::vector<std::string> Machine::hazards(const Image& image, Address code) const {
  const auto read_register = [this](Address address) {
    const auto of_core = parts_->engine->system_register(address);
    return of_core ? *of_core : parts_->bus.read(address, 4).value;
  };
  return emulator::hazards({parts_->part, image, code, parts_->clocks.bus(), read_register});
}

}  // namespace mcusim::emulator
