#include "emulator/unicorn/code_cache.h"

#include <algorithm>
#include <utility>

namespace mcusim::emulator {
namespace {

// Encodings of the hints and of the branches that have the branch itself as target (DDI 0403E, A7.7).
std::uint16_t special_flags(std::uint32_t encoding) {
  switch (encoding) {
    case 0xe7fe:      // B .
    case 0xbffef7ff:  // B.W .
      return CodeEntry::self_branch;
    case 0xbf20:
    case 0x8002f3af:
      return CodeEntry::wait_for_event;
    case 0xbf30:
    case 0x8003f3af:
      return CodeEntry::wait_for_interrupt;
    case 0xbf40:
    case 0x8004f3af:
      return CodeEntry::send_event;
    default:
      // BLX to an immediate would enter Arm state, which these cores do not have.
      return (encoding & 0xd001f800) == 0xc000f000 ? CodeEntry::undefined : 0;
  }
}

}  // namespace

void CodeCache::select_page(Address address) {
  std::unique_ptr<Page>& page = pages_[address / kPageBytes];
  if (page == nullptr) {
    page = std::make_unique<Page>();
    const Bus::Memory* memory = bus_.find_memory(address);
    page->writable = memory == nullptr || memory->writable;
  }
  current_ = page.get();
  current_number_ = address / kPageBytes;
}

void CodeCache::refresh(CodeEntry& entry, Address address, unsigned size) {
  std::array<std::uint8_t, 4> bytes{};
  bus_.fetch(address, bytes.data(), std::min(size, 4u));
  const std::uint32_t encoding =
      bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
  if ((entry.flags & CodeEntry::decoded) != 0 && entry.encoding == encoding) return;
  const Classification instruction = classifier_.classify(bytes.data(), size);
  const TableTiming::Cost cost = timing_.cost(instruction);
  entry.encoding = encoding;
  entry.flags = CodeEntry::decoded | special_flags(encoding);
  unsigned cycles = cost.cycles;
  unsigned taken = cost.taken;
  if (instruction.writes_pc) entry.flags |= CodeEntry::writes_pc;
  if (instruction.conditional) {
    entry.flags |= CodeEntry::conditional;
  } else {
    cycles += std::exchange(taken, 0);
  }
  entry.cycles = static_cast<std::uint16_t>(std::min(cycles, 0xffffu));
  entry.taken = static_cast<std::uint16_t>(std::min(taken, 0xffffu));
  if (probes_.contains(address)) entry.flags |= CodeEntry::probe;
}

void CodeCache::add_probe(Address address) {
  probes_.insert(address);
  forget(address);
}

void CodeCache::remove_probe(Address address) {
  probes_.erase(address);
  forget(address);
}

void CodeCache::forget(Address address) {
  const auto page = pages_.find(address / kPageBytes);
  if (page != pages_.end()) page->second->entries[address % kPageBytes / 2].flags = 0;
}

void CodeCache::clear() {
  pages_.clear();
  current_ = nullptr;
  current_number_ = ~Address{0};
}

}  // namespace mcusim::emulator
