#include "profiler/memory_owners.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

namespace mcusim::profiler {
namespace {

/// By the linker scripts of mcusim, newlib's examples, STM32Cube and CMSIS.
constexpr std::array<std::string_view, 3> kStackLimits = {"__stack_limit", "__StackLimit", "_sstack"};
constexpr std::array<std::string_view, 5> kHeapBeginnings = {"__heap_start__", "__HeapBase", "_end", "end",
                                                             "__end__"};

template <std::size_t kCount>
const emulator::Symbol* first_of(const emulator::Image& image,
                                 const std::array<std::string_view, kCount>& names) {
  for (const std::string_view name : names)
    if (const emulator::Symbol* symbol = image.find_symbol(name)) return symbol;
  return nullptr;
}

}  // namespace

MemoryOwners::MemoryOwners(emulator::Machine& machine, const emulator::Image& image)
    : machine_(machine) {
  const auto add = [this](std::uint64_t begin, std::uint64_t end, std::string_view name) {
    // Of symbols for the same bytes the first one counts.
    if (!spans_.empty()) begin = std::max(begin, spans_.back().end);
    if (begin < end) spans_.push_back({begin, end, number_of(std::string(name))});
  };
  for (const emulator::Symbol& symbol : image.symbols)
    add(symbol.address, std::uint64_t{symbol.address} + symbol.size, symbol.name);

  const std::uint32_t top = machine.engine().registers().r[13];
  const emulator::Symbol* const limit = first_of(image, kStackLimits);
  const emulator::Symbol* const heap = first_of(image, kHeapBeginnings);
  std::vector<Span> unnamed;
  if (limit != nullptr && limit->address < top)
    unnamed.push_back({limit->address, top, number_of("(stack)")});
  if (heap != nullptr && heap->address < top && machine.bus().find_memory(heap->address) != nullptr &&
      machine.bus().find_memory(heap->address) == machine.bus().find_memory(top - 1)) {
    const bool apart = limit != nullptr && limit->address < top;
    unnamed.push_back(
        {heap->address, apart ? limit->address : top, number_of(apart ? "(heap)" : "(heap and stack)")});
  }
  for (const Span& span : unnamed) {
    const auto inside = [&](const Span& other) { return other.begin < span.end && span.begin < other.end; };
    if (span.begin < span.end && std::ranges::none_of(spans_, inside)) spans_.push_back(span);
  }
  std::ranges::sort(spans_, {}, &Span::begin);
}

std::uint32_t MemoryOwners::number_of(const std::string& name) {
  const auto [entry, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
  if (is_new) names_.push_back(name);
  return entry->second;
}

const MemoryOwners::Span* MemoryOwners::covering(Address address) const {
  const auto next = std::ranges::upper_bound(spans_, address, {}, &Span::begin);
  return next != spans_.begin() && address < (next - 1)->end ? &*(next - 1) : nullptr;
}

std::uint32_t MemoryOwners::at(Address address) {
  if (const Span* const span = covering(address)) return span->owner;
  const emulator::Bus::Memory* const memory = machine_.bus().find_memory(address);
  return number_of(memory != nullptr ? "(" + memory->name + ")" : "(elsewhere)");
}

}  // namespace mcusim::profiler
