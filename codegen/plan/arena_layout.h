#pragma once

#include <vector>

#include "codegen/plan/lifetimes.h"

namespace mcusim::codegen {

/// Offsets of storages such that no two that live together overlap.
struct ArenaLayout {
  std::vector<std::size_t> offsets;  ///< By index of the storage.
  std::size_t end = 0;               ///< Of the highest storage.
};

/// A good layout, not always the best. First fit in two orders (largest first, oldest first); while the
/// result is above `lower_bound`, the topmost storage is placed before all others and the rest tried again.
/// Depends on nothing but its arguments.
ArenaLayout lay_out(const std::vector<Storage>& storages, std::size_t lower_bound);

/// Most bytes that live at one moment.
std::size_t busiest_moment(const std::vector<Storage>& storages, std::size_t nodes);

}  // namespace mcusim::codegen
