#include "emulator/bus/bus.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

namespace mcusim::emulator {
namespace {

constexpr std::size_t kPages = 1u << (32 - Bus::kPageBits);

// Anonymous mappings are zero and cost memory only where they are touched.
std::uint8_t** allocate_page_table() {
  void* table = ::mmap(nullptr, kPages * sizeof(std::uint8_t*), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (table == MAP_FAILED) throw std::bad_alloc();
  return static_cast<std::uint8_t**>(table);
}

template <typename Entry>
bool contains(const Entry& entry, Address address, Bytes size) {
  return address >= entry.base && address - entry.base + size <= entry.size;
}

}  // namespace

Bus::Bus() : read_pages_(allocate_page_table()), write_pages_(allocate_page_table()) {}

Bus::~Bus() {
  ::munmap(read_pages_, kPages * sizeof(std::uint8_t*));
  ::munmap(write_pages_, kPages * sizeof(std::uint8_t*));
}

std::uint8_t* Bus::add_memory(const std::string& name, Address base, Bytes size, bool writable,
                              bool executable) {
  storage_.push_back(std::make_unique<std::uint8_t[]>(size));
  std::uint8_t* bytes = storage_.back().get();
  // Erased flash reads as ones.
  if (!writable) std::memset(bytes, 0xff, size);
  memories_.push_back({name, base, size, writable, bytes, executable, nullptr});
  map_pages(memories_.back());
  return bytes;
}

void Bus::add_alias(const std::string& name, Address base, Address target) {
  const Memory* memory = find_memory(target);
  if (memory == nullptr) throw std::logic_error("alias " + name + " of no memory");
  Memory alias = *memory;
  alias.name = name;
  alias.storage += target - memory->base;
  alias.size -= target - memory->base;
  alias.base = base;
  memories_.push_back(alias);
  map_pages(memories_.back());
}

void Bus::retarget_alias(Address base, Address target) {
  const auto alias = std::ranges::find(memories_, base, &Memory::base);
  const Memory* memory = find_memory(target);
  if (alias == memories_.end() || memory == nullptr) throw std::logic_error("no such alias or memory");
  const Memory shown = *memory;
  for (std::uint64_t page = base; page + kPageSize <= base + alias->size; page += kPageSize) {
    read_pages_[page >> kPageBits] = write_pages_[page >> kPageBits] = nullptr;
  }
  alias->size = shown.size - (target - shown.base);
  alias->storage = shown.storage + (target - shown.base);
  alias->writable = shown.writable;
  alias->executable = shown.executable;
  alias->writer = shown.writer;
  map_pages(*alias);
}

void Bus::set_writer(Address base, MemoryWriter* writer) {
  const Memory* const found = find_memory(base);
  if (found == nullptr) throw std::logic_error("a writer of no memory");
  const Memory target = *found;
  for (Memory& memory : memories_) {
    if (memory.storage >= target.storage && memory.storage < target.storage + target.size)
      memory.writer = writer;
  }
}

void Bus::add_device(const std::string& name, Address base, Bytes size, Device* device) {
  devices_.push_back({name, base, size, device});
}

void Bus::map_pages(const Memory& memory) {
  const std::uint64_t end = memory.base + memory.size;
  std::uint64_t page =
      (static_cast<std::uint64_t>(memory.base) + kPageSize - 1) & ~std::uint64_t{kPageSize - 1};
  for (; page + kPageSize <= end; page += kPageSize) {
    std::uint8_t* bytes = memory.storage + (page - memory.base);
    read_pages_[page >> kPageBits] = bytes;
    write_pages_[page >> kPageBits] = memory.writable ? bytes : nullptr;
  }
}

const Bus::Memory* Bus::find_memory(Address address, Bytes size) const {
  for (const Memory& memory : memories_) {
    if (contains(memory, address, size)) return &memory;
  }
  return nullptr;
}

const Bus::DeviceEntry* Bus::find_device(Address address, unsigned width) const {
  for (const DeviceEntry& entry : devices_) {
    if (contains(entry, address, width)) return &entry;
  }
  return nullptr;
}

BusRead Bus::read(Address address, unsigned width) {
  BusRead result;
  if (const Memory* memory = find_memory(address, width)) {
    std::memcpy(&result.value, memory->storage + (address - memory->base), width);
  } else if (const DeviceEntry* entry = find_device(address, width)) {
    result.value = entry->device->read(address - entry->base, width);
  } else {
    result.status = BusStatus::unmapped;
  }
  return result;
}

BusStatus Bus::write(Address address, unsigned width, std::uint32_t value) {
  if (const Memory* memory = find_memory(address, width)) {
    if (!memory->writable) return write_through(*memory, address, width, value);
    std::memcpy(memory->storage + (address - memory->base), &value, width);
    return BusStatus::ok;
  }
  if (const DeviceEntry* entry = find_device(address, width)) {
    entry->device->write(address - entry->base, width, value);
    return BusStatus::ok;
  }
  return BusStatus::unmapped;
}

// The writer counts from the memory itself, which was added before its aliases.
BusStatus Bus::write_through(const Memory& memory, Address address, unsigned width, std::uint32_t value) {
  if (memory.writer == nullptr) return BusStatus::read_only;
  const std::uint8_t* const host = memory.storage + (address - memory.base);
  const auto first = std::ranges::find_if(memories_, [host](const Memory& candidate) {
    return host >= candidate.storage && host < candidate.storage + candidate.size;
  });
  return memory.writer->write_memory(static_cast<std::uint32_t>(host - first->storage), width, value);
}

bool Bus::load(Address address, const void* bytes, Bytes size) {
  const Memory* memory = find_memory(address, size);
  if (memory == nullptr) return false;
  std::memcpy(memory->storage + (address - memory->base), bytes, size);
  return true;
}

bool Bus::fetch(Address address, void* bytes, Bytes size) const {
  const Memory* memory = find_memory(address, size);
  if (memory == nullptr) return false;
  std::memcpy(bytes, memory->storage + (address - memory->base), size);
  return true;
}

}  // namespace mcusim::emulator
