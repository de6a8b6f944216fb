#include <algorithm>
#include <bit>
#include <cstring>

#include "emulator/e200/core.h"

namespace mcusim::emulator::e200 {
namespace {

std::uint32_t read_big_endian(const std::uint8_t* bytes, unsigned width) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < width; ++i) value = value << 8 | bytes[i];
  return value;
}

void write_big_endian(std::uint8_t* bytes, unsigned width, std::uint32_t value) {
  for (unsigned i = width; i-- > 0; value >>= 8) bytes[i] = static_cast<std::uint8_t>(value);
}

/// Registers are words; devices count the bytes of a word from its low end, the bus from its high one.
Address device_lane(Address address, unsigned width) { return width == 4 ? address : address ^ (4 - width); }

}  // namespace

std::uint32_t Core::load(Address address, unsigned width) {
  access_writes_ = false;
  if (watched(address, width, false) || refused(address, width, Mpu::Kind::read)) return 0;
  if (access_listener != nullptr) access_listener->loading(address, width, state.pc);
  const Bus::Memory* memory = bus_.find_memory(address, width);
  if (memory == nullptr) {
    scheduler_.set_now(cycles);
    const BusRead result = bus_.read(device_lane(address, width), width);
    update_deadline();
    if (result.status != BusStatus::ok) fault_at(Fault::data_bus, address);
    return result.value;
  }
  std::uint8_t* const page = bus_.read_page(address);
  if (page != nullptr && !watchpoints_.on_page_of(address) && access_listener == nullptr &&
      page_is_permitted(address, Mpu::Kind::read))
    readable_.fill(address, page);
  return read_big_endian(memory->storage + (address - memory->base), width);
}

void Core::store(Address address, unsigned width, std::uint32_t value) {
  access_writes_ = true;
  if (watched(address, width, true) || refused(address, width, Mpu::Kind::write)) return;
  const Bus::Memory* memory = bus_.find_memory(address, width);
  if (memory == nullptr || !memory->writable) {
    scheduler_.set_now(cycles);
    const BusStatus status = bus_.write(device_lane(address, width), width, value);
    update_deadline();
    if (status != BusStatus::ok) fault_at(Fault::data_bus, address);
    return;
  }
  write_big_endian(memory->storage + (address - memory->base), width, value);
  code_.changed(address, width);
  if (access_listener != nullptr) {
    access_listener->stored(address, width, state.pc);
    return;
  }
  std::uint8_t* const page = bus_.write_page(address);
  if (page == nullptr || watchpoints_.on_page_of(address)) return;
  if (!page_is_permitted(address, Mpu::Kind::write)) return;
  if (!code_.holds_code(reinterpret_cast<std::uintptr_t>(page))) writable_.fill(address, page);
}

bool Core::refused(Address address, unsigned width, Mpu::Kind kind) {
  if (protection_ == 0) return false;
  const auto byte = mpu_.refused(address, address + (width - 1), access(kind));
  if (byte) fault_at(kind == Mpu::Kind::execute ? Fault::fetch_refused : Fault::data_refused, *byte);
  return byte.has_value();
}

// The last instruction of a page may reach into the next one.
bool Core::page_is_permitted(Address address, Mpu::Kind kind) const {
  if (protection_ == 0) return true;
  const Address first = address & ~(Bus::kPageSize - 1), last = first | (Bus::kPageSize - 1);
  const bool reaches_beyond = kind == Mpu::Kind::execute && last != ~Address{0};
  return !mpu_.refused(first, reaches_beyond ? last + 2 : last, access(kind));
}

void Core::update_protection(bool mpu_changed) {
  const bool problem = state.problem_state();
  const unsigned protection = mpu_.restricts(problem) ? 2u | (problem ? 1u : 0u) : 0u;
  if (protection == protection_ && (protection == 0 || !mpu_changed)) return;
  protection_ = protection;
  protection_changed_ = true;
  readable_.clear();
  writable_.clear();
  code_.hide_pages();
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

}  // namespace mcusim::emulator::e200
