#include "emulator/lockstep/lockstep_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "emulator/unicorn/unicorn_engine.h"

namespace mcusim::emulator {
namespace {

/// Where devices may be (DDI 0403E B3.1).
struct DeviceSpace {
  const char* name;
  Address base;
  Bytes size;
};
constexpr DeviceSpace kDeviceSpaces[] = {{"peripherals", 0x40000000, 0x20000000},
                                         {"external devices", 0xa0000000, 0x40000000},
                                         {"system space", 0xe0000000, 0x100000}};

constexpr std::uint32_t kComparedFlags = 0xf80f0000;  ///< N, Z, C, V, Q, GE.
constexpr std::uint32_t kItState = 0x0600fc00;
constexpr std::uint32_t kControlFpActive = 4;
constexpr Bytes kLargestFrame = 0x70;  ///< An extended exception frame with its padding.

/// One cycle each, so that a limit in cycles is a number of instructions.
mcu_models::CoreModel with_unit_costs(mcu_models::CoreModel core) {
  core.costs.clear();
  return core;
}

std::string compare(const Registers& native, const Registers& reference) {
  std::string text;
  const auto differ = [&](const std::string& name, std::uint32_t a, std::uint32_t b) {
    if (a != b) text += fmt::format(", {} native {:#010x} unicorn {:#010x}", name, a, b);
  };
  for (std::size_t i = 0; i < 15; ++i) differ(fmt::format("r{}", i), native.r[i], reference.r[i]);
  differ("pc", native.r[15], reference.r[15]);
  differ("flags", native.xpsr & kComparedFlags, reference.xpsr & kComparedFlags);
  for (std::size_t i = 0; i < 32; ++i) differ(fmt::format("s{}", i), native.s[i], reference.s[i]);
  differ("fpscr", native.fpscr, reference.fpscr);
  return text;
}

bool equal(const Registers& native, const Registers& reference) {
  return native.r == reference.r && (native.xpsr & kComparedFlags) == (reference.xpsr & kComparedFlags) &&
         native.s == reference.s && native.fpscr == reference.fpscr;
}

}  // namespace

/// Stands for every device of the reference: notes that it was reached.
class LockstepEngine::Devices : public Device {
 public:
  std::uint32_t read(std::uint32_t, unsigned) override {
    reached = true;
    return 0;
  }
  void write(std::uint32_t, unsigned, std::uint32_t) override { reached = true; }

  bool reached = false;
};

LockstepEngine::LockstepEngine(const mcu_models::McuModel& mcu, Bus& bus, Scheduler& scheduler,
                               const cortex_m::SystemOptions& system)
    : bus_(bus), native_(mcu, bus, scheduler, {.system = system}), devices_(std::make_unique<Devices>()) {
  // An alias shows the bytes of a memory that was added before it.
  for (const Bus::Memory& memory : bus.memories()) {
    const auto shown = std::ranges::find_if(bus.memories(), [&](const Bus::Memory& other) {
      return memory.storage >= other.storage && memory.storage < other.storage + other.size;
    });
    if (&*shown == &memory) {
      reference_bus_.add_memory(memory.name, memory.base, memory.size, memory.writable);
    } else {
      const auto inside = static_cast<Address>(memory.storage - shown->storage);
      reference_bus_.add_alias(memory.name, memory.base, shown->base + inside);
    }
  }
  for (const DeviceSpace& space : kDeviceSpaces)
    reference_bus_.add_device(space.name, space.base, space.size, devices_.get());
  reference_ = make_unicorn_engine(reference_bus_, reference_time_, with_unit_costs(mcu.core));
}

LockstepEngine::~LockstepEngine() = default;

void LockstepEngine::copy_memories() {
  for (const Bus::Memory& memory : bus_.memories()) {
    reference_bus_.load(memory.base, memory.storage, memory.size);
  }
}

void LockstepEngine::reset(Address vector_table) {
  copy_memories();
  native_.reset(vector_table);
  reference_->reset(vector_table);
  pending_ = 0;
  difference_.clear();
  take_over();
}

void LockstepEngine::set_registers(const Registers& registers) {
  native_.set_registers(registers);
  take_over();
}

void LockstepEngine::memory_changed(Address address, Bytes size) {
  native_.memory_changed(address, size);
  std::vector<std::uint8_t> bytes(size);
  if (bus_.fetch(address, bytes.data(), size)) reference_bus_.load(address, bytes.data(), size);
}

void LockstepEngine::take_over() {
  const Registers registers = native_.registers();
  // What entry has pushed is at one of the stack pointers.
  for (const Address frame : {registers.msp, registers.psp}) {
    std::array<std::uint8_t, kLargestFrame> bytes{};
    if (bus_.fetch(frame, bytes.data(), bytes.size())) reference_bus_.load(frame, bytes.data(), bytes.size());
  }
  reference_->set_registers(registers);
  exception_changes_ = native_.exception_changes();
  fp_active_ = (registers.control & kControlFpActive) != 0;
  pending_ = 0;
}

bool LockstepEngine::follow(Address from) {
  const Registers native = native_.registers();
  if (native_.exception_changes() != exception_changes_) {
    take_over();
    return true;
  }
  // Unicorn does not stop inside an IT block.
  if (pending_ == 0 || (native.xpsr & kItState) != 0) return true;
  devices_->reached = false;
  const Stop stop = reference_->run({reference_->counters().cycles + pending_});
  pending_ = 0;
  Registers reference = reference_->registers();
  // A new context takes bits 26:22 of FPSCR from FPDSCR (DDI 0403E B1.5.7, ExecuteFPCheck); Unicorn takes
  // all.
  const bool fp_active = (native.control & kControlFpActive) != 0;
  if (fp_active && !fp_active_ && native.fpscr != reference.fpscr) {
    reference.fpscr = native.fpscr;
    reference_->set_registers(reference);
  }
  fp_active_ = fp_active;
  if (equal(native, reference)) return true;
  if (stop.reason == StopReason::sleep || (devices_->reached && native.r[15] == reference.r[15])) {
    take_over();
    return true;
  }
  difference_ =
      fmt::format("lockstep: the engines differ after the instruction at {:#010x} ({:04x} {:04x}){}{}", from,
                  bus_.read(from, 2).value, bus_.read(from + 2, 2).value, compare(native, reference),
                  stop.detail.empty() ? "" : "; unicorn: " + stop.detail);
  return false;
}

Stop LockstepEngine::run(const RunLimits& limits) {
  while (true) {
    const Counters before = native_.counters();
    if (before.cycles >= limits.cycles) return {StopReason::cycle_limit, native_.registers().r[15], 0, ""};
    const Address from = native_.registers().r[15];
    const Stop stop = native_.run({before.cycles + 1});
    const Counters& after = native_.counters();
    pending_ += after.instructions - before.instructions + after.skipped - before.skipped;
    if (!follow(from)) return {StopReason::fault, from, 0, difference_};
    if (stop.reason != StopReason::cycle_limit) return stop;
  }
}

}  // namespace mcusim::emulator
