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
  if (watched(address, width, false)) return 0;
  const Bus::Memory* memory = bus_.find_memory(address, width);
  if (memory == nullptr) {
    scheduler_.set_now(cycles);
    const BusRead result = bus_.read(device_lane(address, width), width);
    update_deadline();
    if (result.status != BusStatus::ok) fault_at(Fault::data_bus, address);
    return result.value;
  }
  std::uint8_t* const page = bus_.read_page(address);
  if (page != nullptr && !watches_page(address)) readable_.fill(address, page);
  return read_big_endian(memory->storage + (address - memory->base), width);
}

void Core::store(Address address, unsigned width, std::uint32_t value) {
  access_writes_ = true;
  if (watched(address, width, true)) return;
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
  std::uint8_t* const page = bus_.write_page(address);
  if (page == nullptr || watches_page(address)) return;
  if (!code_.holds_code(reinterpret_cast<std::uintptr_t>(page))) writable_.fill(address, page);
}

void Core::watch(std::vector<Watchpoint> watchpoints) {
  watchpoints_ = std::move(watchpoints);
  // Pages that hold watched bytes take the slow path from now on.
  readable_.clear();
  writable_.clear();
}

bool Core::watches_page(Address address) const {
  const std::uint64_t page = address & ~std::uint64_t{Bus::kPageSize - 1};
  return std::ranges::any_of(watchpoints_, [page](const Watchpoint& point) {
    return point.address < page + Bus::kPageSize && page < point.address + point.size;
  });
}

bool Core::watched(Address address, unsigned width, bool write) {
  for (const Watchpoint& point : watchpoints_) {
    const bool kind =
        point.kind == Watchpoint::Kind::access || (point.kind == Watchpoint::Kind::write) == write;
    if (!kind || point.address >= std::uint64_t{address} + width || address >= point.address + point.size)
      continue;
    watch_hit_ = {point.kind, std::max(address, point.address)};
    fault = Fault::watchpoint;
    return true;
  }
  return false;
}

}  // namespace mcusim::emulator::e200
