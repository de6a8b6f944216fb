#include "emulator/cortex_m/code_cache.h"

#include <algorithm>

namespace mcusim::emulator::cortex_m {
namespace {

constexpr Address kOffsetMask = Bus::kPageSize - 1;

BeyondOneCycle beyond_one_cycle(const Operation& op) {
  return emulator::beyond_one_cycle(op.instruction_class, op.count, op.total_cycles());
}

}  // namespace

CodeCache::CodeCache(const Bus& bus, const Decoder& decoder, PageTable& writable_pages,
                     std::function<Fetch(Address)> may_fetch)
    : bus_(bus),
      decoder_(decoder),
      writable_pages_(writable_pages),
      may_fetch_(std::move(may_fetch)),
      pages_(std::size_t{1} << 20) {}

CodeCache::~CodeCache() = default;

Operation* CodeCache::locate_slow(Address pc) {
  const Bus::Memory* memory = bus_.find_memory(pc & ~1u, 2);
  const Fetch permission = may_fetch_(pc);
  if (memory == nullptr || !memory->executable || permission == Fetch::refused) {
    fault_operation_ = Operation{};
    fault_operation_.code = Code::fetch_fault;
    fault_operation_.pc = pc & ~1u;
    return &fault_operation_;
  }
  CodePage* page = find_page(pc);
  if (page == nullptr) page = make_page(pc, *memory);
  // A page with mixed permissions is asked for at every branch into it.
  if (permission == Fetch::page) pages_[pc >> Bus::kPageBits] = page;
  return &page->operations[(pc & kOffsetMask) >> 1];
}

CodePage* CodeCache::find_page(Address address) const {
  const auto found = by_address_.find(address >> Bus::kPageBits);
  return found == by_address_.end() ? nullptr : found->second;
}

CodePage* CodeCache::make_page(Address pc, const Bus::Memory& memory) {
  if (owned_.size() >= kMaxPages) archive_all();
  owned_.push_back(std::make_unique<CodePage>());
  CodePage& page = *owned_.back();
  page.base = pc & ~kOffsetMask;
  // Computed on integers: a memory need not begin where the page does.
  page.host_page = reinterpret_cast<std::uintptr_t>(memory.storage) - memory.base + page.base;
  for (std::size_t slot = 0; slot < page.operations.size(); ++slot) {
    page.operations[slot].pc = page.base + static_cast<Address>(slot) * 2;
    if (slot >= CodePage::kSlots) page.operations[slot].code = Code::next_page;
  }
  by_address_[pc >> Bus::kPageBits] = &page;
  by_host_page_[page.host_page].push_back(&page);
  writable_pages_.forget_host_page(page.host_page);
  return &page;
}

void CodeCache::hide_pages() {
  for (const auto& page : owned_) pages_[page->base >> Bus::kPageBits] = nullptr;
}

bool CodeCache::decode(Operation& operation, std::uint8_t it) {
  std::uint16_t halfwords[2] = {0, 0};
  if (!bus_.fetch(operation.pc, &halfwords[0], 2)) return false;
  if (is_wide(halfwords[0]) && !bus_.fetch(operation.pc + 2, &halfwords[1], 2)) return false;
  const std::uint64_t count = operation.count;
  // The cost may change; what has been charged must not.
  const std::uint64_t charged = operation.total_cycles();
  archived_beyond_ += cortex_m::beyond_one_cycle(operation);
  operation = decoder_.decode(halfwords[0], halfwords[1], operation.pc, it);
  if (shows_tail_calls_) show_tail_call(operation);
  operation.count = count;
  operation.cycles = charged - count * operation.cost;
  archived_beyond_ -= cortex_m::beyond_one_cycle(operation);
  if (const auto probe = probes_.find(operation.pc); probe != probes_.end()) {
    probe->second.code = operation.code;
    operation.code = Code::probe;
  }
  return true;
}

void CodeCache::show_tail_calls(std::unordered_set<Address> functions) {
  functions_ = std::move(functions);
  shows_tail_calls_ = true;
  restart();
}

void CodeCache::show_tail_call(Operation& operation) {
  Code& code = operation.it != 0 ? operation.inner : operation.code;
  if (code == Code::bl_) functions_.insert(operation.imm);
  if (code == Code::b_ && functions_.contains(operation.imm)) code = Code::b_out_;
}

void CodeCache::reset_slot(CodePage& page, std::size_t slot) {
  if (slot < CodePage::kSlots) page.operations[slot].code = Code::decode;
}

void CodeCache::forget(CodePage& page, Address first, Address last) {
  // An instruction that begins one half-word earlier may reach into the changed bytes.
  const std::size_t begin = (first & kOffsetMask) >> 1, end = (last & kOffsetMask) >> 1;
  if (begin > 0) {
    reset_slot(page, begin - 1);
  } else if (CodePage* previous = find_page(page.base - 1)) {
    reset_slot(*previous, CodePage::kSlots - 1);
  }
  for (std::size_t slot = begin; slot <= end; ++slot) reset_slot(page, slot);
}

void CodeCache::written(Address address, const std::uint8_t* host, unsigned width) {
  // A write may touch two pages; both are looked up by the bytes they show.
  for (unsigned done = 0; done < width;) {
    const Address here = address + done;
    const unsigned part = std::min<unsigned>(width - done, Bus::kPageSize - (here & kOffsetMask));
    const std::uintptr_t key = reinterpret_cast<std::uintptr_t>(host) + done - (here & kOffsetMask);
    if (const auto found = by_host_page_.find(key); found != by_host_page_.end()) {
      for (CodePage* page : found->second) forget(*page, here, here + part - 1);
    }
    done += part;
  }
}

void CodeCache::changed(Address address, Bytes size) {
  while (size > 0) {
    Bytes part = std::min<Bytes>(size, Bus::kPageSize - (address & kOffsetMask));
    if (const Bus::Memory* memory = bus_.find_memory(address)) {
      part = std::min<Bytes>(part, memory->base + memory->size - address);
      written(address, memory->storage + (address - memory->base), static_cast<unsigned>(part));
    } else {
      part = 1;
    }
    address += static_cast<Address>(part);
    size -= part;
  }
}

void CodeCache::clear() {
  hide_pages();
  owned_.clear();
  by_address_.clear();
  by_host_page_.clear();
  archive_.clear();
  archived_beyond_ = {};
}

void CodeCache::archive_all() {
  std::map<Address, InstructionCount> all;
  for (const InstructionCount& count : counts()) all[count.address] = count;
  const BeyondOneCycle beyond = beyond_one_cycle();
  clear();
  archive_ = std::move(all);
  archived_beyond_ = beyond;
}

void CodeCache::add_probe(Address address) {
  address &= ~1u;
  if (++probes_[address].count > 1) return;
  if (CodePage* page = find_page(address)) reset_slot(*page, (address & kOffsetMask) >> 1);
}

void CodeCache::remove_probe(Address address) {
  address &= ~1u;
  const auto probe = probes_.find(address);
  if (probe == probes_.end() || --probe->second.count > 0) return;
  probes_.erase(probe);
  if (CodePage* page = find_page(address)) reset_slot(*page, (address & kOffsetMask) >> 1);
}

BeyondOneCycle CodeCache::beyond_one_cycle() const {
  BeyondOneCycle sum = archived_beyond_;
  for (const auto& page : owned_) {
    for (const Operation& op : page->operations) {
      if (op.count == 0 && op.cycles == 0) continue;
      sum += cortex_m::beyond_one_cycle(op);
    }
  }
  return sum;
}

std::vector<InstructionCount> CodeCache::counts() const {
  std::map<Address, InstructionCount> merged = archive_;
  for (const auto& page : owned_) {
    for (const Operation& op : page->operations) {
      if (op.count == 0 && op.cycles == 0) continue;
      InstructionCount& entry = merged[op.pc];
      entry.address = op.pc;
      entry.count += op.count;
      entry.cycles += op.total_cycles();
    }
  }
  std::vector<InstructionCount> result;
  for (const auto& [address, count] : merged) result.push_back(count);
  return result;
}

}  // namespace mcusim::emulator::cortex_m
