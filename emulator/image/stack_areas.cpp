#include "emulator/image/stack_areas.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "emulator/image/image.h"

namespace mcusim::emulator {
namespace {

struct Ends {
  std::string_view limit, top;
};

/// Our own start-up code; CMSIS' and Nordic's scripts for GCC; Atmel's; CMSIS' start-up for armasm, whose
/// area has no symbol but its name in map files; scatter files of armlink; IAR's block.
constexpr Ends kPairs[] = {
    {"__stack_limit", "__stack_top"},
    {"__StackLimit", "__StackTop"},
    {"_sstack", "_estack"},
    {"Stack_Mem", "__initial_sp"},
    {"STACK$$Base", "STACK$$Limit"},
    {"Image$$ARM_LIB_STACK$$ZI$$Base", "Image$$ARM_LIB_STACK$$ZI$$Limit"},
    {"CSTACK$$Base", "CSTACK$$Limit"},
};

/// Where .data and .bss end in the scripts of newlib and of ST (`_end`, `end`); the stack begins at `_estack`
/// there, and nothing but the heap lies between.
constexpr std::string_view kEndsOfData[] = {"_end", "end", "__end__", "_ebss"};
constexpr std::string_view kTop = "_estack";

}  // namespace

StackAreas::StackAreas(const Image& image) {
  for (const Ends& ends : kPairs) {
    const Symbol *limit = image.find_symbol(ends.limit), *top = image.find_symbol(ends.top);
    if (limit != nullptr && top != nullptr && limit->address < top->address)
      pairs_.push_back({limit->address, top->address, limit->name});
  }
  for (const Symbol& symbol : image.symbols) {
    if (!symbol.is_function && symbol.size != 0 && !image.is_code(symbol.address))
      objects_.push_back({symbol.address, static_cast<Address>(symbol.address + symbol.size), symbol.name});
  }
  const Symbol* const top = image.find_symbol(kTop);
  for (const std::string_view name : kEndsOfData) {
    const Symbol* const end = image.find_symbol(name);
    if (top == nullptr || end == nullptr || end->address >= top->address) continue;
    above_data_ = StackArea{end->address, top->address, end->name};
    break;
  }
}

std::optional<StackArea> StackAreas::of(std::uint32_t sp) const {
  for (const StackArea& area : pairs_)
    if (area.holds(sp)) return area;
  // Objects do not nest, but names of one address stand side by side.
  const auto after = std::ranges::lower_bound(objects_, sp, {}, &StackArea::limit);
  for (auto object = after; object != objects_.begin();) {
    --object;
    if (object->limit != std::prev(after)->limit) break;
    if (object->holds(sp)) return *object;
  }
  if (above_data_ && above_data_->holds(sp)) return above_data_;
  return std::nullopt;
}

}  // namespace mcusim::emulator
