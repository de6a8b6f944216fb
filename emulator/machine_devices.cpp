#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "common/error.h"
#include "emulator/machine_parts.h"
#include "emulator/peripherals/bit_band.h"
#include "emulator/peripherals/factory.h"
#include "emulator/peripherals/flash_interface.h"
#include "emulator/peripherals/memory_remap.h"
#include "emulator/peripherals/spc5/linflexd.h"
#include "emulator/peripherals/spc5/timers.h"
#include "emulator/peripherals/usart.h"

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

bool overlap(Address a, Bytes a_size, Address b, Bytes b_size) { return a < b + b_size && b < a + a_size; }

struct BitBandRegion {
  Address alias;
  Address target;
};
constexpr BitBandRegion kBitBandRegions[] = {{0x22000000, 0x20000000}, {0x42000000, 0x40000000}};

}  // namespace

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
  if (name == "stm") return std::make_unique<SystemTimer>(model, wiring(model.name));
  if (name == "pit") return std::make_unique<PeriodicTimer>(model, wiring(model.name));
  if (name == "swt") {
    return std::make_unique<SoftwareWatchdog>(model, wiring(model.name), [this](std::string what) {
      vle_engine->request_fault("Watchdog reset", std::move(what));
    });
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
    uart = std::make_unique<Linflexd>(model, std::move(connections));
  else
    uart = make_usart(model, std::move(connections));
  if (end != nullptr) {
    lines.push_back(std::make_unique<host_io::SerialLine>(scheduler, *end, *uart));
    lines.back()->start();
    if (is_console) console_line = lines.back().get();
  }
  return uart;
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

}  // namespace mcusim::emulator
