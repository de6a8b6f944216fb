#include "emulator/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "common/error.h"
#include "emulator/clock_tree/machine_clocks.h"
#include "emulator/cortex_m/native_engine.h"
#include "emulator/e200/native_engine.h"
#include "emulator/hazards.h"
#include "emulator/host_io/serial_line.h"
#include "emulator/lockstep/lockstep_engine.h"
#include "emulator/peripherals/basic_system_space.h"
#include "emulator/peripherals/bit_band.h"
#include "emulator/peripherals/bus_master.h"
#include "emulator/peripherals/dma/dma_requests.h"
#include "emulator/peripherals/factory.h"
#include "emulator/peripherals/flash_interface.h"
#include "emulator/peripherals/memory_remap.h"
#include "emulator/peripherals/not_modelled.h"
#include "emulator/peripherals/pin_levels.h"
#include "emulator/peripherals/spc5/interrupt_controller.h"
#include "emulator/peripherals/spc5/linflexd.h"
#include "emulator/peripherals/spc5/timers.h"
#include "emulator/peripherals/usart.h"
#include "emulator/unicorn/unicorn_engine.h"

namespace mcusim::emulator {
namespace {

struct Range {
  Address base;
  Bytes size;
};
// Armv7-M ARM (DDI 0403E) B3.1: peripherals, and the private peripheral bus with its vendor's rest. SPC58:
// both peripheral bridges (UM3100).
constexpr Range kPeripheralSpaces[] = {{0x40000000, 0x20000000}, {0xe0000000, 0x100000}};
constexpr Range kPeripheralBridges[] = {{0xf0000000, 0x10000000}};

bool is_arm(const mcu_models::McuModel& mcu) {
  return mcu.core.architecture != mcu_models::Architecture::vle;
}

bool overlap(Address a, Bytes a_size, Address b, Bytes b_size) { return a < b + b_size && b < a + a_size; }

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

/// The interrupt inputs of an engine that is made after the devices. Devices may share a line: it is high
/// while one of them holds it.
class EngineInterrupts {
 public:
  explicit EngineInterrupts(const std::unique_ptr<Engine>& engine) : engine_(engine) {}

  /// The lines as one device sees them.
  InterruptLines* for_device() {
    devices_.push_back(std::make_unique<OfDevice>(*this));
    return devices_.back().get();
  }

 private:
  class OfDevice : public InterruptLines {
   public:
    explicit OfDevice(EngineInterrupts& all) : all_(all) {}
    void set(unsigned irq, bool level) override {
      const bool changed = level ? held_.insert(irq).second : held_.erase(irq) != 0;
      if (changed) all_.change(irq, level);
    }

   private:
    EngineInterrupts& all_;
    std::set<unsigned> held_;
  };

  void change(unsigned irq, bool level) {
    unsigned& holders = holders_[irq];
    level ? ++holders : --holders;
    InterruptLines* lines = engine_ ? engine_->interrupts() : nullptr;
    if (lines != nullptr) lines->set(irq, holders != 0);
  }

  const std::unique_ptr<Engine>& engine_;
  std::vector<std::unique_ptr<OfDevice>> devices_;
  std::map<unsigned, unsigned> holders_;
};

struct BitBandRegion {
  Address alias;
  Address target;
};
constexpr BitBandRegion kBitBandRegions[] = {{0x22000000, 0x20000000}, {0x42000000, 0x40000000}};

}  // namespace

struct Machine::Parts {
  Parts(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board)
      : part(mcu), clocks(mcu, board, scheduler) {
    if (!is_arm(mcu)) vle = mcu_models::load_vle_model(mcu);
  }

  /// What a system reset does beyond the core.
  void reset_devices() {
    for (const std::unique_ptr<Device>& device : devices) device->reset();
  }

  const mcu_models::McuModel part;
  mcu_models::VleModel vle;  ///< Of a PowerPC part.
  Scheduler scheduler;
  clock_tree::MachineClocks clocks;
  Bus bus;
  NotModelledLog log;
  BusMaster bus_master{bus, [this](Address address, Bytes size) {
                         if (engine) engine->memory_changed(address, size);
                       }};
  DmaRequests requests;
  PinLevels pins;
  std::vector<std::unique_ptr<Device>> devices;
  std::unique_ptr<Engine> engine;
  e200::NativeEngine* vle_engine = nullptr;             ///< `engine`, of a PowerPC part.
  InterruptController* interrupt_controller = nullptr;  ///< Outside the core, as INTC.
  BasicSystemSpace* system_space = nullptr;             ///< With an engine that has none of its own.
  EngineInterrupts interrupts{engine};
  std::vector<std::unique_ptr<host_io::SerialLine>> lines;
  const host_io::SerialLine* console_line = nullptr;
  host_io::IdleDetector idle;
  Engine::TraceListener stimulus;  ///< Ports from 1 on.
  std::optional<semihosting::Semihosting> semihosting;
  bool limit_in_seconds = false;
  bool core_clock_changed = false;
  bool idle_reached = false;

  void add_memories(const mcu_models::McuModel& mcu);
  void add_boot_alias(const mcu_models::McuModel& mcu);
  Wiring wiring(const std::string& peripheral);
  std::unique_ptr<Device> make_device(const mcu_models::PeripheralModel& model,
                                      const mcu_models::McuModel& mcu);
  /// Null: no device of SPC58.
  std::unique_ptr<Device> make_vle_device(const mcu_models::PeripheralModel& model,
                                          const mcu_models::McuModel& mcu);
  void make_vle_engine(const MachineOptions& options);
  void remap(const mcu_models::McuModel& mcu, const std::string& memory);
  void add_peripherals(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board,
                       const MachineOptions& options);
  std::unique_ptr<Device> make_uart(const mcu_models::PeripheralModel& model, bool is_console,
                                    const MachineOptions& options);
  void add_system_space(const mcu_models::McuModel& mcu, const MachineOptions& options);
  cortex_m::SystemOptions system_options(const MachineOptions& options) const {
    return {&clocks.systick_external(), options.dwt_lock};
  }
  void add_semihosting(semihosting::Options options);
  void add_trace(const MachineOptions& options);
  void add_catch_all(const mcu_models::McuModel& mcu);
  void add_device(const std::string& name, Address base, Bytes size, std::unique_ptr<Device> device);
  Address vector_table(const Image& image) const;
  /// What Engine::reset() takes: the vector table, or on PowerPC the boot header or the entry.
  Address start_of(const Image& image) const;
  /// Whether some byte of `segment` lies in no memory. Memories may adjoin, as the RAMs of many parts do.
  bool missing_byte(const Segment& segment) const;
  void store(const Segment& segment);
  std::string list_memories() const;
  void check_idle();
};

void Machine::Parts::add_device(const std::string& name, Address base, Bytes size,
                                std::unique_ptr<Device> device) {
  bus.add_device(name, base, size, device.get());
  devices.push_back(std::move(device));
}

void Machine::Parts::add_memories(const mcu_models::McuModel& mcu) {
  for (const mcu_models::MemoryRegion& region : mcu.memory) {
    bus.add_memory(region.name, region.base, region.size, region.kind != mcu_models::MemoryKind::flash,
                   region.executable);
    for (const Address alias : region.aliases) bus.add_alias(region.name + " alias", alias, region.base);
    if (!region.dma) bus_master.forbid(region.base, region.size);
  }
  if (is_arm(mcu)) add_boot_alias(mcu);
}

// At address 0 an STM32 shows what it booted from, unless something else lives there.
void Machine::Parts::add_boot_alias(const mcu_models::McuModel& mcu) {
  const auto flash =
      std::ranges::find(mcu.memory, mcu_models::MemoryKind::flash, &mcu_models::MemoryRegion::kind);
  if (flash == mcu.memory.end()) return;
  const bool free = std::ranges::none_of(bus.memories(), [&](const Bus::Memory& memory) {
    return overlap(0, flash->size, memory.base, memory.size);
  });
  if (free) bus.add_alias("boot alias", 0, flash->base);
}

void Machine::Parts::add_peripherals(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board,
                                     const MachineOptions& options) {
  const std::string& console = board.console.peripheral;
  if (!console.empty() && mcu.find_peripheral(console) == nullptr) {
    throw InputError(fmt::format("board {}: its console {} is no peripheral of {}; correct the board file",
                                 board.name, console, mcu.name));
  }
  for (const auto& [name, end] : options.uarts) {
    const mcu_models::PeripheralModel* model = mcu.find_peripheral(name);
    if (model == nullptr || !is_uart(*model)) {
      throw InputError(fmt::format("--uart {}: {} has no such UART; see its manual", name, mcu.name));
    }
  }
  for (const mcu_models::PeripheralModel& model : mcu.peripherals) {
    add_device(model.name, model.base, model.size,
               is_uart(model) ? make_uart(model, model.name == console, options) : make_device(model, mcu));
    if (auto* flash = dynamic_cast<FlashInterface*>(devices.back().get()); flash && !model.flash.empty()) {
      bus.set_writer(model.flash.front().base, flash);
    }
  }
}

Wiring Machine::Parts::wiring(const std::string& peripheral) {
  return {.output = {},
          .interrupts = interrupts.for_device(),
          .clock = &clocks.domain(peripheral),
          .time = &clocks.time(),
          .scheduler = &scheduler,
          .memory = &bus_master,
          .requests = &requests,
          .pins = &pins};
}

std::unique_ptr<Device> Machine::Parts::make_vle_device(const mcu_models::PeripheralModel& model,
                                                        const mcu_models::McuModel& mcu) {
  const std::string& name = model.model;
  if (name == "intc") {
    auto controller = std::make_unique<InterruptController>(mcu);
    interrupt_controller = controller.get();
    return controller;
  }
  if (name == "stm") return std::make_unique<SystemTimer>(model, wiring(model.name), vle.divider(name));
  if (name == "pit") return std::make_unique<PeriodicTimer>(model, wiring(model.name), vle.divider(name));
  if (name == "swt") {
    return std::make_unique<SoftwareWatchdog>(
        model, wiring(model.name), vle.divider(name),
        [this](std::string what) { vle_engine->request_fault("Watchdog reset", std::move(what)); });
  }
  return nullptr;
}

std::unique_ptr<Device> Machine::Parts::make_device(const mcu_models::PeripheralModel& model,
                                                    const mcu_models::McuModel& mcu) {
  if (std::unique_ptr<Device> device = clocks.make_device(model)) return device;
  if (!model.stand_in.empty()) {
    return std::make_unique<StandIn>(model, log, [this] { return engine->registers().r[15]; });
  }
  if (std::unique_ptr<Device> device = make_vle_device(model, mcu)) return device;
  if (!model.remap) return make_peripheral(model, wiring(model.name));
  return std::make_unique<MemoryRemapper>(model,
                                          [this, mcu](const std::string& memory) { remap(mcu, memory); });
}

void Machine::Parts::remap(const mcu_models::McuModel& mcu, const std::string& memory) {
  const mcu_models::MemoryRegion* region = mcu.find_memory(memory);
  // Nothing is shown there where a memory of its own lies at 0.
  const bool own =
      std::ranges::find(mcu.memory, Address{0}, &mcu_models::MemoryRegion::base) != mcu.memory.end();
  if (region == nullptr || own || bus.find_memory(0) == nullptr) {
    log.note("boot remap to a memory that is not modelled");
    return;
  }
  bus.retarget_alias(0, region->base);
  if (!engine->memory_map_changed()) log.note("boot remap (this engine does not follow it)");
}

// For an engine without private peripherals of its own.
void Machine::Parts::add_system_space(const mcu_models::McuModel& mcu, const MachineOptions& options) {
  const bool boots_at_zero = bus.find_memory(0) != nullptr && !bus.find_memory(0)->writable;
  BasicSystemSpace::Options basic{.system = system_options(options)};
  if (!boots_at_zero && !mcu.memory.empty()) basic.vector_table = vector_table(Image{});
  auto space = std::make_unique<BasicSystemSpace>(mcu, scheduler, basic, &log);
  system_space = space.get();
  add_device("system space", BasicSystemSpace::kBase, BasicSystemSpace::kSize, std::move(space));
}

std::unique_ptr<Device> Machine::Parts::make_uart(const mcu_models::PeripheralModel& model, bool is_console,
                                                  const MachineOptions& options) {
  const auto connected = options.uarts.find(model.name);
  host_io::SerialEnd* end = connected == options.uarts.end() ? nullptr : connected->second;
  Wiring connections = wiring(model.name);
  if (is_console) {
    connections.output = [this, end, listener = options.console](std::string_view text) {
      idle.output(clocks.time().seconds(scheduler.now()));
      if (end != nullptr) end->write(text);
      if (listener) listener(text);
    };
  } else if (end != nullptr) {
    connections.output = [end](std::string_view text) { end->write(text); };
  }
  std::unique_ptr<Uart> uart;
  if (model.model == "linflexd")
    uart = std::make_unique<Linflexd>(model, std::move(connections), vle.divider(model.model));
  else
    uart = make_usart(model, std::move(connections));
  if (end != nullptr) {
    lines.push_back(std::make_unique<host_io::SerialLine>(scheduler, *end, *uart));
    lines.back()->start();
    if (is_console) console_line = lines.back().get();
  }
  return uart;
}

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

// Last, so that every other device goes first.
void Machine::Parts::add_catch_all(const mcu_models::McuModel& mcu) {
  if (mcu.core.bit_band) {
    for (const BitBandRegion& region : kBitBandRegions) {
      add_device("bit-band alias", region.alias, BitBand::kSize,
                 std::make_unique<BitBand>(bus_master, region.target));
    }
  }
  const NotModelledDevice::Environment environment{
      .log = &log,
      .program_counter = [this] { return engine->registers().r[15]; },
      .name_of_block = [peripherals = mcu.peripherals](Address address) -> std::string {
        const auto found = std::ranges::find_if(peripherals, [address](const auto& peripheral) {
          return overlap(address, RegisterStore::kBlockBytes, peripheral.base, peripheral.size);
        });
        return found == peripherals.end() ? "" : found->name;
      },
  };
  const std::span<const Range> spaces =
      is_arm(mcu) ? std::span<const Range>(kPeripheralSpaces) : kPeripheralBridges;
  for (const Range& space : spaces) {
    add_device("not modelled", space.base, space.size,
               std::make_unique<NotModelledDevice>(space.base, environment));
  }
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
