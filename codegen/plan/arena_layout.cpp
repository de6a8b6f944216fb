#include "codegen/plan/arena_layout.h"

#include <algorithm>
#include <numeric>

namespace mcusim::codegen {
namespace {

// Rounds of repair; each costs the square of the number of storages. Larger networks get none.
constexpr int kRepairs = 100;
constexpr std::size_t kMostRepaired = 1000;

using Order = std::vector<std::size_t>;  ///< Indices of storages.

bool live_together(const Storage& a, const Storage& b) { return a.first <= b.last && b.first <= a.last; }

/// Places storages in the order given, each at the lowest offset where nothing lies that lives with it.
ArenaLayout first_fit(const std::vector<Storage>& storages, const Order& order) {
  ArenaLayout layout;
  layout.offsets.resize(storages.size());
  auto& offsets = layout.offsets;
  Order placed;  // By offset.
  for (const std::size_t index : order) {
    const Storage& storage = storages[index];
    std::size_t offset = 0;
    for (const std::size_t other : placed) {
      if (!live_together(storage, storages[other])) continue;
      if (offsets[other] >= offset + storage.bytes) break;  // The gap before it is large enough.
      offset = std::max(offset, offsets[other] + storages[other].bytes);
    }
    offsets[index] = offset;
    layout.end = std::max(layout.end, offset + storage.bytes);
    const auto behind =
        std::upper_bound(placed.begin(), placed.end(), offset,
                         [&offsets](std::size_t value, std::size_t other) { return value < offsets[other]; });
    placed.insert(behind, index);
  }
  return layout;
}

/// Whatever sticks out had too little choice: it gets the first one in the next round.
void move_topmost_to_front(const std::vector<Storage>& storages, const ArenaLayout& layout, Order& order) {
  const auto topmost = std::find_if(order.begin(), order.end(), [&](std::size_t index) {
    return layout.offsets[index] + storages[index].bytes == layout.end;
  });
  std::rotate(order.begin(), topmost, topmost + 1);
}

}  // namespace

ArenaLayout lay_out(const std::vector<Storage>& storages, std::size_t lower_bound) {
  Order oldest_first(storages.size());
  std::iota(oldest_first.begin(), oldest_first.end(), std::size_t{0});  // Storages are numbered by age.
  Order largest_first = oldest_first;
  std::stable_sort(largest_first.begin(), largest_first.end(), [&storages](std::size_t a, std::size_t b) {
    return storages[a].bytes > storages[b].bytes;
  });
  ArenaLayout best = first_fit(storages, largest_first);
  const int rounds = storages.size() > kMostRepaired ? 1 : kRepairs;
  for (Order order : {largest_first, oldest_first}) {
    for (int round = 0; round < rounds && best.end > lower_bound; ++round) {
      const ArenaLayout layout = first_fit(storages, order);
      if (layout.end < best.end) best = layout;
      move_topmost_to_front(storages, layout, order);
    }
  }
  return best;
}

std::size_t busiest_moment(const std::vector<Storage>& storages, std::size_t nodes) {
  // What begins and ends to live at each moment, from -1 to behind the last node.
  std::vector<std::size_t> begins(nodes + 2), ended(nodes + 3);
  for (const Storage& storage : storages) {
    begins[static_cast<std::size_t>(storage.first + 1)] += storage.bytes;
    ended[static_cast<std::size_t>(storage.last + 2)] += storage.bytes;
  }
  std::size_t live = 0, most = 0;
  for (std::size_t moment = 0; moment < begins.size(); ++moment) {
    live = live + begins[moment] - ended[moment];
    most = std::max(most, live);
  }
  return most;
}

}  // namespace mcusim::codegen
