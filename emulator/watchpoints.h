#pragma once

#include <vector>

#include "emulator/debug_access.h"

namespace mcusim::emulator {

/// The bytes that a debugger watches.
class Watchpoints {
 public:
  void set(std::vector<Watchpoint> points) { points_ = std::move(points); }
  /// Whether the page of `address` holds a watched byte: accesses to it must not bypass meet().
  bool on_page_of(Address address) const;
  /// True: the access touches a watched byte, and hit() tells which.
  bool meet(Address address, unsigned width, bool write);
  const WatchHit& hit() const { return hit_; }

 private:
  std::vector<Watchpoint> points_;
  WatchHit hit_;
};

}  // namespace mcusim::emulator
