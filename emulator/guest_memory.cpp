#include "emulator/guest_memory.h"

#include <algorithm>

namespace mcusim::emulator {
namespace {

/// How much of [address, address + size) lies in `memory`, which holds `address`.
Bytes part_inside(const Bus::Memory& memory, Address address, Bytes size) {
  return std::min<Bytes>(size, memory.size - (address - memory.base));
}

}  // namespace

bool GuestMemory::covers(Address address, Bytes size, bool for_writing) const {
  if (size > std::uint64_t{1} << 32) return false;
  std::uint64_t at = address;
  const std::uint64_t end = at + size;
  while (at < end) {
    const Bus::Memory* memory = at > 0xffffffffu ? nullptr : bus_.find_memory(static_cast<Address>(at));
    if (memory == nullptr || (for_writing && !memory->writable)) return false;
    at += part_inside(*memory, static_cast<Address>(at), end - at);
  }
  return true;
}

bool GuestMemory::read(Address address, void* bytes, Bytes size) const {
  if (!readable(address, size)) return false;
  auto* to = static_cast<std::uint8_t*>(bytes);
  while (size > 0) {
    const Bytes part = part_inside(*bus_.find_memory(address), address, size);
    bus_.fetch(address, to, part);
    to += part, address += static_cast<Address>(part), size -= part;
  }
  return true;
}

bool GuestMemory::write(Address address, const void* bytes, Bytes size) {
  return writable(address, size) && program(address, bytes, size);
}

bool GuestMemory::program(Address address, const void* bytes, Bytes size) {
  if (!readable(address, size)) return false;
  const auto* from = static_cast<const std::uint8_t*>(bytes);
  core_.memory_changed(address, size);
  while (size > 0) {
    const Bytes part = part_inside(*bus_.find_memory(address), address, size);
    bus_.load(address, from, part);
    from += part, address += static_cast<Address>(part), size -= part;
  }
  return true;
}

std::optional<std::string> GuestMemory::text(Address address, Bytes longest) const {
  std::string result;
  for (char byte = 0; result.size() < longest; ++address) {
    if (!read(address, &byte, 1)) return std::nullopt;
    if (byte == 0) return result;
    result += byte;
  }
  return std::nullopt;
}

}  // namespace mcusim::emulator
