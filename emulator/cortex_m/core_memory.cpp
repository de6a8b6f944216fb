#include <algorithm>
#include <cstring>

#include "emulator/cortex_m/core.h"

namespace mcusim::emulator::cortex_m {
namespace {

// The default address map (DDI 0403E table B3-1): device and system regions accept no unaligned access and
// no fetch.
bool is_device_region(Address address) {
  const unsigned half_gib = address >> 29;
  return half_gib == 2 || half_gib >= 5;
}

constexpr Address kCycleCounter = 0xe0001004;  ///< DWT_CYCCNT.

}  // namespace

bool Core::fetch(Operation& operation) {
  if (!code_.decode(operation, state.it)) fault = Fault::bus_fetch;
  return fault == Fault::none;
}

Fault Core::fetch_fault(Address pc) const {
  return may_fetch(pc) == CodeCache::Fetch::refused ? Fault::mpu_fetch : Fault::bus_fetch;
}

bool Core::mpu_on() const { return system_.mpu.enabled() && system_.mpu.enabled_at(execution_priority()); }

CodeCache::Fetch Core::may_fetch(Address address) const {
  if (!mpu_on()) return is_device_region(address) ? CodeCache::Fetch::refused : CodeCache::Fetch::page;
  if (!system_.mpu.permits(address, {state.privileged(), false, true})) return CodeCache::Fetch::refused;
  return system_.mpu.uniform_page(address) ? CodeCache::Fetch::page : CodeCache::Fetch::address;
}

// Page entries and visible code pages hold for one privilege and one setting of the MPU. Without it nothing
// depends on either.
void Core::update_protection() {
  const unsigned protection = mpu_on() ? 2u | (state.privileged() ? 1u : 0u) : 0u;
  if (protection == protection_ && !(system_.mpu_changed && protection != 0)) return;
  protection_ = protection;
  system_.mpu_changed = false;
  readable_.clear();
  writable_.clear();
  code_.hide_pages();
}

bool Core::check_access(Address address, unsigned width, bool privileged, bool write) {
  access_writes_ = write;
  if ((address & (width - 1)) != 0 && (!unaligned_allowed_ || is_device_region(address))) {
    fault = Fault::unaligned;
    return false;
  }
  if (protection_ == 0) return true;
  const Mpu::Access access{privileged, write, false};
  const Address last = address + width - 1;
  const bool permitted = system_.mpu.permits(address, access) && system_.mpu.permits(last, access);
  if (!permitted) {
    fault = Fault::mpu_data;
    fault_address_ = address;
  }
  return permitted;
}

// CCR.BFHFNMIGN: HardFault, NMI and what FAULTMASK raises go on as if nothing were (DDI 0403E B3.2.8).
void Core::refused_by_bus(Address address) {
  if ((system_.ccr & kCcrIgnoreBusFault) != 0 && execution_priority() < 0) return;
  fault = Fault::bus_data;
  fault_address_ = address;
}

std::uint32_t Core::load_checked(Address address, unsigned width, bool privileged) {
  if (!check_access(address, width, privileged, false)) return 0;
  const Bus::Memory* memory = bus_.find_memory(address, width);
  if (memory == nullptr) {
    scheduler_.set_now(cycles);
    if (SystemControl::contains(address)) {
      const bool allowed = privileged || system_.unprivileged_may_access(address, false);
      if (address == kCycleCounter && cycle_reads_) cycle_reads_(state.pc);
      if (!allowed) fault = Fault::bus_data, fault_address_ = address;
      const std::uint32_t value = allowed ? system_.read(address, width) : 0;
      update_deadline();
      return value;
    }
    const BusRead result = bus_.read(address, width);
    update_deadline();
    if (result.status != BusStatus::ok) refused_by_bus(address);
    return result.value;
  }
  if (std::uint8_t* page = bus_.read_page(address)) {
    const bool uniform =
        protection_ == 0 || (privileged == state.privileged() && system_.mpu.uniform_page(address));
    if (uniform && !watchpoints_.on_page_of(address) && access_listener == nullptr)
      readable_.fill(address, page);
  }
  std::uint32_t value = 0;
  std::memcpy(&value, memory->storage + (address - memory->base), width);
  return value;
}

void Core::store_checked(Address address, unsigned width, std::uint32_t value, bool privileged) {
  if (!check_access(address, width, privileged, true)) return;
  const Bus::Memory* memory = bus_.find_memory(address, width);
  if (memory == nullptr || !memory->writable) {
    scheduler_.set_now(cycles);
    if (SystemControl::contains(address)) {
      if (privileged || system_.unprivileged_may_access(address, true)) {
        system_.write(address, width, value, privileged);
        system_changed();
      } else {
        fault = Fault::bus_data, fault_address_ = address;
      }
      return;
    }
    const BusStatus status = bus_.write(address, width, value);
    update_deadline();
    if (status != BusStatus::ok) refused_by_bus(address);
    return;
  }
  std::uint8_t* host = memory->storage + (address - memory->base);
  std::memcpy(host, &value, width);
  code_.written(address, host, width);
  if (access_listener != nullptr) {
    access_listener->stored(address, width, state.pc);
    return;
  }
  if (std::uint8_t* page = bus_.write_page(address)) {
    const bool uniform =
        protection_ == 0 || (privileged == state.privileged() && system_.mpu.uniform_page(address));
    if (uniform && !watchpoints_.on_page_of(address) &&
        !code_.holds_code(reinterpret_cast<std::uintptr_t>(page)))
      writable_.fill(address, page);
  }
}

void Core::follow_accesses(AccessListener* listener) {
  access_listener = listener;
  // Every access takes the slow path while somebody listens.
  readable_.clear();
  writable_.clear();
}

void Core::watch(std::vector<Watchpoint> watchpoints) {
  watchpoints_.set(std::move(watchpoints));
  // Pages that hold watched bytes take the slow path from now on.
  readable_.clear();
  writable_.clear();
}

bool Core::watched(Address address, unsigned width, bool write) {
  if (!watchpoints_.meet(address, width, write)) return false;
  fault = Fault::watchpoint;
  return true;
}

// Told here and not in load_checked(), which exception return uses as well.
std::uint32_t Core::load_for_instruction(Address address, unsigned width, bool privileged) {
  if (watched(address, width, false)) return 0;
  if (access_listener != nullptr) access_listener->loading(address, width, state.pc);
  return load_checked(address, width, privileged);
}

std::uint32_t Core::load(Address address, unsigned width) {
  return load_for_instruction(address, width, state.privileged());
}
void Core::store(Address address, unsigned width, std::uint32_t value) {
  if (!watched(address, width, true)) store_checked(address, width, value, state.privileged());
}
std::uint32_t Core::load_unprivileged(Address address, unsigned width) {
  return load_for_instruction(address, width, false);
}
void Core::store_unprivileged(Address address, unsigned width, std::uint32_t value) {
  if (!watched(address, width, true)) store_checked(address, width, value, false);
}

}  // namespace mcusim::emulator::cortex_m
