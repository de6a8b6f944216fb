#include "emulator/image/image.h"

#include <algorithm>

#include "emulator/image/debug_info.h"

namespace mcusim::emulator {

const Symbol* Image::find_symbol(std::string_view name) const {
  const auto found = std::ranges::find(symbols, name, &Symbol::name);
  return found == symbols.end() ? nullptr : &*found;
}

const Symbol* Image::symbol_at(Address address) const {
  // Symbols can nest (a local label's symbol inside a function), so the nearest before `address` need not
  // cover it; aliases of one address stand side by side.
  auto after = std::ranges::upper_bound(symbols, address, {}, &Symbol::address);
  while (after != symbols.begin()) {
    --after;
    if (address - after->address < after->size) return &*after;
  }
  return nullptr;
}

bool Image::is_code(Address address) const {
  if (!code.empty()) {
    return std::ranges::any_of(code, [&](const AddressRange& range) { return range.contains(address); });
  }
  return std::ranges::any_of(segments, [&](const Segment& segment) {
    return AddressRange{segment.address, segment.bytes.size()}.contains(address);
  });
}

std::optional<SourceLocation> Image::source_at(Address address) const {
  std::optional<SourceLocation> location;
  if (debug != nullptr) location = debug->lines().find(address);
  if (location && !location->at.function.empty()) return location;
  const Symbol* symbol = symbol_at(address);
  if (symbol == nullptr) return location;
  // Assembler sources have lines and no functions.
  if (!location) location.emplace();
  location->at.function = symbol->name;
  return location;
}

}  // namespace mcusim::emulator
