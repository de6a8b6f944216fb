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

}  // namespace

bool Core::fetch(Operation& operation) {
  const Fault refused = is_device_region(operation.pc) ? Fault::mpu_fetch : Fault::none;
  fault = refused;
  if (fault == Fault::none && !code_.decode(operation, state.it)) fault = Fault::bus_fetch;
  return fault == Fault::none;
}

Fault Core::fetch_fault(Address pc) const {
  return is_device_region(pc) ? Fault::mpu_fetch : Fault::bus_fetch;
}

bool Core::check_access(Address address, unsigned width, bool privileged, bool write) {
  static_cast<void>(privileged), static_cast<void>(write);
  if ((address & (width - 1)) != 0 && (!unaligned_allowed_ || is_device_region(address))) {
    fault = Fault::unaligned;
    return false;
  }
  return true;
}

std::uint32_t Core::load_checked(Address address, unsigned width, bool privileged) {
  if (!check_access(address, width, privileged, false)) return 0;
  const Bus::Memory* memory = bus_.find_memory(address, width);
  if (memory == nullptr) {
    scheduler_.set_now(cycles);
    const BusRead result = bus_.read(address, width);
    update_deadline();
    if (result.status != BusStatus::ok) {
      fault = Fault::bus_data;
      fault_address_ = address;
    }
    return result.value;
  }
  if (std::uint8_t* page = bus_.read_page(address)) readable_.fill(address, page);
  std::uint32_t value = 0;
  std::memcpy(&value, memory->storage + (address - memory->base), width);
  return value;
}

void Core::store_checked(Address address, unsigned width, std::uint32_t value, bool privileged) {
  if (!check_access(address, width, privileged, true)) return;
  const Bus::Memory* memory = bus_.find_memory(address, width);
  if (memory == nullptr || !memory->writable) {
    scheduler_.set_now(cycles);
    const BusStatus status = bus_.write(address, width, value);
    update_deadline();
    if (status != BusStatus::ok) {
      fault = Fault::bus_data;
      fault_address_ = address;
    }
    return;
  }
  std::uint8_t* host = memory->storage + (address - memory->base);
  std::memcpy(host, &value, width);
  code_.written(address, host, width);
  if (std::uint8_t* page = bus_.write_page(address)) {
    if (!code_.holds_code(reinterpret_cast<std::uintptr_t>(page))) writable_.fill(address, page);
  }
}

std::uint32_t Core::load(Address address, unsigned width) {
  return load_checked(address, width, state.privileged());
}
void Core::store(Address address, unsigned width, std::uint32_t value) {
  store_checked(address, width, value, state.privileged());
}
std::uint32_t Core::load_unprivileged(Address address, unsigned width) {
  return load_checked(address, width, false);
}
void Core::store_unprivileged(Address address, unsigned width, std::uint32_t value) {
  store_checked(address, width, value, false);
}

}  // namespace mcusim::emulator::cortex_m
