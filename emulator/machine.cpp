#include "emulator/machine.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/error.h"
#include "emulator/cortex_m/native_engine.h"
#include "emulator/peripherals/basic_system_space.h"
#include "emulator/peripherals/factory.h"
#include "emulator/peripherals/not_modelled.h"
#include "emulator/unicorn/unicorn_engine.h"

namespace mcusim::emulator {
namespace {

struct Range {
  Address base;
  Bytes size;
};
// Armv7-M ARM (DDI 0403E) B3.1: peripherals, and the private peripheral bus with its vendor's rest.
constexpr Range kPeripheralSpaces[] = {{0x40000000, 0x20000000}, {0xe0000000, 0x100000}};

bool overlap(Address a, Bytes a_size, Address b, Bytes b_size) { return a < b + b_size && b < a + a_size; }

std::unique_ptr<Engine> make_engine(const std::string& name, Bus& bus, Scheduler& scheduler,
                                    const mcu_models::McuModel& mcu) {
  if (name == "native") return std::make_unique<cortex_m::NativeEngine>(mcu, bus, scheduler);
  if (name == "unicorn") return make_unicorn_engine(bus, scheduler, mcu.core);
  throw InputError(fmt::format("engine {}: no such engine; use native or unicorn", name));
}

}  // namespace

struct Machine::Parts {
  Scheduler scheduler;
  Bus bus;
  NotModelledLog log;
  std::vector<std::unique_ptr<Device>> devices;
  std::unique_ptr<Engine> engine;
  Hertz clock = 0;

  void add_memories(const mcu_models::McuModel& mcu);
  void add_boot_alias(const mcu_models::McuModel& mcu);
  void add_peripherals(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board,
                       const MachineOptions& options);
  void add_catch_all(const mcu_models::McuModel& mcu);
  void add_device(const std::string& name, Address base, Bytes size, std::unique_ptr<Device> device);
  Address vector_table(const Image& image) const;
  /// Whether some byte of `segment` lies in no memory. Memories may adjoin, as the RAMs of many parts do.
  bool missing_byte(const Segment& segment) const;
  void store(const Segment& segment);
  std::string list_memories() const;
};

void Machine::Parts::add_device(const std::string& name, Address base, Bytes size,
                                std::unique_ptr<Device> device) {
  bus.add_device(name, base, size, device.get());
  devices.push_back(std::move(device));
}

void Machine::Parts::add_memories(const mcu_models::McuModel& mcu) {
  for (const mcu_models::MemoryRegion& region : mcu.memory) {
    bus.add_memory(region.name, region.base, region.size, region.kind != mcu_models::MemoryKind::flash);
    for (const Address alias : region.aliases) bus.add_alias(region.name + " alias", alias, region.base);
  }
  add_boot_alias(mcu);
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
  for (const mcu_models::PeripheralModel& model : mcu.peripherals) {
    UartOutput output;
    if (model.name == console) output = options.console;
    add_device(model.name, model.base, model.size, make_peripheral(model, scheduler, std::move(output)));
  }
  const bool boots_at_zero = bus.find_memory(0) != nullptr && !bus.find_memory(0)->writable;
  BasicSystemSpace::Options system{.dwt_lock = options.dwt_lock && mcu.core.dwt_lock};
  if (!boots_at_zero && !mcu.memory.empty()) system.vector_table = vector_table(Image{});
  add_device("system space", BasicSystemSpace::kBase, BasicSystemSpace::kSize,
             std::make_unique<BasicSystemSpace>(mcu.core, mcu.fpu, scheduler, system, &log));
}

// Last, so that every other device goes first.
void Machine::Parts::add_catch_all(const mcu_models::McuModel& mcu) {
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
  for (const Range& space : kPeripheralSpaces) {
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
    : parts_(std::make_unique<Parts>()) {
  parts_->clock = board.core_clock;
  parts_->add_memories(mcu);
  parts_->add_peripherals(mcu, board, options);
  parts_->add_catch_all(mcu);
  parts_->engine = make_engine(options.engine, parts_->bus, parts_->scheduler, mcu);
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
  parts_->engine->reset(parts_->vector_table(image));
}

Stop Machine::run(const RunLimits& limits) { return parts_->engine->run(limits); }
Engine& Machine::engine() { return *parts_->engine; }
Bus& Machine::bus() { return parts_->bus; }
const Bus& Machine::bus() const { return parts_->bus; }
Scheduler& Machine::scheduler() { return parts_->scheduler; }
Hertz Machine::clock() const { return parts_->clock; }
std::vector<std::string> Machine::not_modelled() const { return parts_->log.list(); }

}  // namespace mcusim::emulator
