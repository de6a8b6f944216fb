#pragma once

#include <cstddef>
#include <vector>

#include "common/units.h"

namespace mcusim::emulator {

/// Branch target address cache with two-bit counters, and the return stack. Organisation assumed: direct
/// mapped, filled by branches that are taken.
class BranchPredictor {
 public:
  BranchPredictor(unsigned entries, unsigned returns) : entries_(entries), returns_(returns) {}

  struct Prediction {
    bool known = false;  ///< In the cache; otherwise the static rule decides.
    bool taken = false;
    Address target = 0;
  };

  Prediction predict(Address branch) const {
    const Entry& entry = entries_[index_of(branch)];
    if (entry.branch != branch) return {};
    return {true, entry.counter >= 2, entry.target};
  }

  void update(Address branch, bool taken, Address target) {
    Entry& entry = entries_[index_of(branch)];
    if (entry.branch != branch) {
      if (taken) entry = {branch, target, 2};
      return;
    }
    if (taken) {
      entry.target = target;
      if (entry.counter < 3) ++entry.counter;
    } else if (entry.counter > 0) {
      --entry.counter;
    }
  }

  void call(Address return_address) {
    top_ = (top_ + 1) % returns_.size();
    returns_[top_] = return_address;
  }
  /// Where the return is predicted to go.
  Address pop() {
    const Address address = returns_[top_];
    top_ = (top_ + returns_.size() - 1) % returns_.size();
    return address;
  }

  void clear() {
    entries_.assign(entries_.size(), {});
    returns_.assign(returns_.size(), 0);
  }

 private:
  struct Entry {
    Address branch = 1;  ///< No instruction is at an odd address.
    Address target = 0;
    unsigned counter = 0;
  };
  std::size_t index_of(Address branch) const { return (branch >> 1) % entries_.size(); }

  std::vector<Entry> entries_;
  std::vector<Address> returns_;
  std::size_t top_ = 0;
};

}  // namespace mcusim::emulator
