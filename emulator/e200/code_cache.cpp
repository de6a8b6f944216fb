#include "emulator/e200/code_cache.h"

#include <algorithm>

namespace mcusim::emulator::e200 {
namespace {

constexpr Address kOffsetMask = Bus::kPageSize - 1;

}  // namespace

CodeCache::CodeCache(const Bus& bus, const Decoder& decoder, PageTable& writable_pages,
                     std::function<bool(Address)> permitted)
    : bus_(bus),
      decoder_(decoder),
      writable_pages_(writable_pages),
      permitted_(std::move(permitted)),
      pages_(std::size_t{1} << 20) {}

CodeCache::~CodeCache() = default;

Operation* CodeCache::locate_slow(Address pc) {
  const Bus::Memory* memory = bus_.find_memory(pc, 2);
  if (memory == nullptr || !memory->executable) {
    fault_operation_ = Operation{};
    fault_operation_.code = Code::fetch_fault;
    fault_operation_.pc = pc;
    return &fault_operation_;
  }
  CodePage* page = find_page(pc);
  if (page == nullptr) page = make_page(pc, *memory);
  const bool checked = !permitted_(page->base);
  if (checked || page->checked) decode_again(*page);
  page->checked = checked;
  pages_[pc >> Bus::kPageBits] = page;
  return &page->operations[(pc & kOffsetMask) >> 1];
}

CodePage* CodeCache::find_page(Address address) const {
  const auto found = by_address_.find(address >> Bus::kPageBits);
  return found == by_address_.end() ? nullptr : found->second;
}

CodePage* CodeCache::make_page(Address pc, const Bus::Memory& memory) {
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
  by_host_page_[page.host_page] = &page;
  writable_pages_.forget_host_page(page.host_page);
  return &page;
}

bool CodeCache::decode(Operation& operation) {
  std::uint8_t bytes[4] = {};
  if (!bus_.fetch(operation.pc, bytes, 2)) return false;
  const auto first = static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
  if (is_wide(first) && !bus_.fetch(operation.pc + 2, bytes + 2, 2)) return false;
  const std::uint64_t count = operation.count;
  const std::uint32_t facts = operation.facts;
  // The cost may change; what has been charged must not.
  const std::uint64_t charged = operation.total_cycles();
  operation = decoder_.decode(first, static_cast<std::uint16_t>(bytes[2] << 8 | bytes[3]), operation.pc);
  if (shows_tail_calls_) show_tail_call(operation);
  operation.count = count;
  operation.facts = facts;
  operation.cycles = charged - count * operation.cost;
  if (const auto probe = probes_.find(operation.pc); probe != probes_.end()) {
    probe->second.code = operation.code;
    operation.code = Code::probe;
  }
  return true;
}

void CodeCache::show_tail_calls(std::unordered_set<Address> functions) {
  functions_ = std::move(functions);
  shows_tail_calls_ = true;
  for (const auto& page : owned_) decode_again(*page);
}

void CodeCache::show_tail_call(Operation& operation) {
  if (operation.code == Code::b_link_) functions_.insert(operation.imm);
  switch (operation.code) {
    case Code::b_:
    case Code::b_false_:
    case Code::b_true_:
    case Code::bdnz_:
    case Code::bdz_:
      if (functions_.contains(operation.imm)) operation.code = operation.code + 2;
      break;
    default:
      break;
  }
}

void CodeCache::decode_again(CodePage& page) {
  for (std::size_t slot = 0; slot < CodePage::kSlots; ++slot) page.operations[slot].code = Code::decode;
}

void CodeCache::reset_slot(Address address) {
  if (CodePage* page = find_page(address)) page->operations[(address & kOffsetMask) >> 1].code = Code::decode;
}

void CodeCache::changed(Address address, Bytes size) {
  // An instruction that begins one half-word earlier may reach into the changed bytes.
  std::uint64_t at = (address & ~1u) - (address < 2 ? 0 : 2);
  for (const std::uint64_t end = address + size; at < end;) {
    const std::uint64_t page_end = (at | kOffsetMask) + 1;
    CodePage* const page = find_page(static_cast<Address>(at));
    for (; page != nullptr && at < std::min(end, page_end); at += 2) {
      Operation& operation = page->operations[(at & kOffsetMask) >> 1];
      operation.code = Code::decode;
      operation.facts = 0;
    }
    at = page_end;
  }
}

void CodeCache::hide_pages() {
  for (const auto& page : owned_) pages_[page->base >> Bus::kPageBits] = nullptr;
}

void CodeCache::clear() {
  hide_pages();
  by_address_.clear();
  owned_.clear();
  by_host_page_.clear();
}

void CodeCache::add_probe(Address address) {
  address &= ~1u;
  if (++probes_[address].count == 1) reset_slot(address);
}

void CodeCache::remove_probe(Address address) {
  address &= ~1u;
  const auto probe = probes_.find(address);
  if (probe == probes_.end() || --probe->second.count > 0) return;
  probes_.erase(probe);
  reset_slot(address);
}

std::vector<InstructionCount> CodeCache::counts() const {
  std::map<Address, InstructionCount> sorted;
  for (const auto& page : owned_) {
    for (const Operation& op : page->operations) {
      if (op.count == 0 && op.cycles == 0) continue;
      sorted[op.pc] = {op.pc, op.count, op.total_cycles()};
    }
  }
  std::vector<InstructionCount> result;
  for (const auto& [address, count] : sorted) result.push_back(count);
  return result;
}

}  // namespace mcusim::emulator::e200
