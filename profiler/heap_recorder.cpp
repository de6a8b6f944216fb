#include "profiler/heap_recorder.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/error.h"

namespace mcusim::profiler {

HeapSymbols parse_heap(const std::string& text) {
  constexpr std::string_view kAllocate = "alloc=", kRelease = ",free=";
  const std::size_t comma = text.find(kRelease);
  if (text.starts_with(kAllocate) && comma != std::string::npos) {
    HeapSymbols symbols{text.substr(kAllocate.size(), comma - kAllocate.size()),
                        text.substr(comma + kRelease.size())};
    if (!symbols.allocate.empty() && !symbols.release.empty()) return symbols;
  }
  throw InputError(fmt::format("--heap {}: not understood; give alloc=SYMBOL,free=SYMBOL", text));
}

HeapRecorder::HeapRecorder(emulator::Machine& machine, const emulator::Image& image,
                           const std::optional<HeapSymbols>& own)
    : machine_(machine) {
  if (!own) {
    for (const HeapFunction& function : kHeapFunctions) {
      const emulator::Symbol* symbol = image.find_symbol(function.symbol);
      if (symbol != nullptr && symbol->is_function) add(function, symbol->address);
    }
    if (works()) return;
    for (const HeapFunction& function : kBreakFunctions) {
      const emulator::Symbol* symbol = image.find_symbol(function.symbol);
      if (symbol != nullptr && symbol->is_function) add(function, symbol->address);
    }
    return;
  }
  const auto address_of = [&](const std::string& name) {
    const emulator::Symbol* symbol = image.find_symbol(name);
    if (symbol == nullptr) {
      throw InputError(
          fmt::format("--heap: {} has no symbol '{}'; name functions of its symbol table", image.file, name));
    }
    return symbol->address;
  };
  add({own->allocate, 0, -1, -1}, address_of(own->allocate));
  add({own->release, -1, -1, 0}, address_of(own->release));
}

void HeapRecorder::add(const HeapFunction& function, Address address) {
  if (!functions_.emplace(address, function).second) return;
  functions_[address].symbol = {};  // The name may not outlive this.
  machine_.engine().add_probe(address);
}

void HeapRecorder::enter(const HeapFunction& function, const emulator::Registers& registers) {
  OpenCall call;
  call.allocates = function.allocates();
  call.is_break = function.is_break;
  const auto argument = [&](int number) { return registers.argument(static_cast<unsigned>(number)); };
  if (call.allocates) {
    call.size = argument(function.size);
    if (function.count >= 0) call.size *= argument(function.count);
  }
  if (function.freed >= 0) call.freed = argument(function.freed);
  call.caller = registers.r[14] & ~1u;
  call.sp = registers.r[13];
  machine_.engine().add_probe(call.caller);
  open_ = call;
}

void HeapRecorder::release(Address address) {
  const auto block = blocks_.find(address);
  if (block == blocks_.end()) return;
  AllocationSite& site = sites_[block->second.caller];
  --site.live_allocations;
  site.live_bytes -= block->second.size;
  live_ -= block->second.size;
  blocks_.erase(block);
}

void HeapRecorder::move_break(const OpenCall& call) {
  const auto bytes = static_cast<std::int32_t>(call.size);
  AllocationSite& site = sites_[call.caller];
  site.caller = call.caller;
  if (bytes > 0) {
    ++site.allocations;
    site.bytes += call.size;
    site.live_bytes += call.size;
    live_ += call.size;
    peak_ = std::max(peak_, live_);
  } else {
    const Bytes returned = std::min<Bytes>(live_, static_cast<Bytes>(-std::int64_t{bytes}));
    live_ -= returned;
    site.live_bytes -= std::min(site.live_bytes, returned);
  }
}

void HeapRecorder::leave(std::uint32_t result) {
  constexpr std::uint32_t kBreakRefused = ~0u;
  const OpenCall call = *open_;
  open_.reset();
  machine_.engine().remove_probe(call.caller);
  if (call.is_break) {
    if (result != kBreakRefused) move_break(call);
    if (listener_) listener_(machine_.engine().counters().cycles, live_);
    return;
  }
  // A reallocation that failed leaves the old block.
  if (call.freed && (!call.allocates || result != 0 || call.size == 0)) release(*call.freed);
  if (call.allocates && result != 0) {
    release(result);  // An allocator that was begun anew hands out addresses again.
    blocks_[result] = {call.size, call.caller};
    AllocationSite& site = sites_[call.caller];
    site.caller = call.caller;
    ++site.allocations;
    site.bytes += call.size;
    ++site.live_allocations;
    site.live_bytes += call.size;
    live_ += call.size;
    peak_ = std::max(peak_, live_);
  }
  if (listener_) listener_(machine_.engine().counters().cycles, live_);
}

void HeapRecorder::at_probe(Address pc) {
  const emulator::Registers registers = machine_.engine().registers();
  if (open_ && open_->caller == pc && open_->sp == registers.r[13]) leave(registers.argument(0));
  if (open_) return;
  if (const auto function = functions_.find(pc); function != functions_.end()) {
    enter(function->second, registers);
  }
}

std::vector<AllocationSite> HeapRecorder::sites() const {
  std::vector<AllocationSite> all;
  for (const auto& [caller, site] : sites_) all.push_back(site);
  return all;
}

}  // namespace mcusim::profiler
