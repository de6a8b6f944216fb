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

bool holds_page_of(Address address, const Mpu::Range& range) {
  constexpr Address kOffset = Bus::kPageSize - 1;
  return range.first <= (address & ~kOffset) && range.last >= (address | kOffset);
}

}  // namespace

std::uint8_t* Core::checked_bytes(Address address, unsigned width, bool write) {
  if (protection_ == 0 || access_listener != nullptr || watchpoints_.on_page_of(address)) return nullptr;
  const auto range = mpu_.permitted(address, access(write ? Mpu::Kind::write : Mpu::Kind::read));
  const Address offset = address & (Bus::kPageSize - 1);
  if (!range || range->last < address + (width - 1) || offset > Bus::kPageSize - width) return nullptr;
  // What is permitted as a whole is going to be a page of the tables.
  if (holds_page_of(address, *range)) return nullptr;
  std::uint8_t* const page = write ? bus_.write_page(address) : bus_.read_page(address);
  if (page == nullptr || (write && code_.holds_code(reinterpret_cast<std::uintptr_t>(page)))) return nullptr;
  return page + offset;
}

std::uint32_t Core::load(Address address, unsigned width) {
  access_writes_ = false;
  if (watched(address, width, false)) return 0;
  const auto range = permitted(address, width, Mpu::Kind::read);
  if (!range) return 0;
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
      holds_page_of(address, *range))
    readable_.fill(address, page);
  return read_big_endian(memory->storage + (address - memory->base), width);
}

void Core::store(Address address, unsigned width, std::uint32_t value) {
  access_writes_ = true;
  if (watched(address, width, true)) return;
  const auto range = permitted(address, width, Mpu::Kind::write);
  if (!range) return;
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
  if (page == nullptr || watchpoints_.on_page_of(address) || !holds_page_of(address, *range)) return;
  if (!code_.holds_code(reinterpret_cast<std::uintptr_t>(page))) writable_.fill(address, page);
}

std::optional<Mpu::Range> Core::permitted(Address address, unsigned width, Mpu::Kind kind) {
  if (protection_ == 0) return Mpu::Range{};
  const auto range = mpu_.permitted(address, access(kind));
  if (range && address + (width - 1) <= range->last) return range;
  fault_at(kind == Mpu::Kind::execute ? Fault::fetch_refused : Fault::data_refused,
           range ? range->last + 1 : address);
  return std::nullopt;
}

// The last instruction of the page may reach into the next one.
bool Core::may_execute_page(Address base) const {
  if (protection_ == 0) return true;
  const auto range = mpu_.permitted(base, access(Mpu::Kind::execute));
  return range && (range->last == ~Address{0} || range->last >= std::uint64_t{base} + Bus::kPageSize + 1);
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
