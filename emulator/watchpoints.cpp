#include "emulator/watchpoints.h"

#include <algorithm>

#include "emulator/bus/bus.h"

namespace mcusim::emulator {

bool Watchpoints::on_page_of(Address address) const {
  const std::uint64_t page = address & ~std::uint64_t{Bus::kPageSize - 1};
  return std::ranges::any_of(points_, [page](const Watchpoint& point) {
    return point.address < page + Bus::kPageSize && page < point.address + point.size;
  });
}

bool Watchpoints::meet(Address address, unsigned width, bool write) {
  for (const Watchpoint& point : points_) {
    const bool kind =
        point.kind == Watchpoint::Kind::access || (point.kind == Watchpoint::Kind::write) == write;
    if (!kind || point.address >= std::uint64_t{address} + width || address >= point.address + point.size)
      continue;
    hit_ = {point.kind, std::max(address, point.address)};
    return true;
  }
  return false;
}

}  // namespace mcusim::emulator
