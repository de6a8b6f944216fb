#pragma once

#include <bit>
#include <cstddef>
#include <vector>

#include "common/units.h"

namespace mcusim::emulator {

/// Branch target address cache with two-bit counters. It knows direct branches, which have one target each.
/// Organisation assumed: direct mapped, filled by branches that are taken.
class BranchPredictor {
 public:
  /// `entries` is rounded up to a power of two.
  explicit BranchPredictor(unsigned entries) : entries_(std::bit_ceil(entries)), mask_(entries_.size() - 1) {}

  struct Prediction {
    bool known = false;  ///< In the cache; otherwise the static rule decides.
    bool taken = false;
  };

  Prediction predict(Address branch) const {
    const Entry& entry = entries_[index_of(branch)];
    if (entry.branch != branch) return {};
    return {true, (entry.counter & 2) != 0};
  }

  void update(Address branch, bool taken) {
    Entry& entry = entries_[index_of(branch)];
    if (entry.branch != branch) {
      if (taken) entry = {branch, 2};
      return;
    }
    if (taken) {
      if (entry.counter < 3) ++entry.counter;
    } else if (entry.counter > 0) {
      --entry.counter;
    }
  }

  /// What is known of the branch that uses the place.
  struct Entry {
    Address branch = 1;  ///< No instruction is at an odd address.
    unsigned counter = 0;

    /// Whether it is going to be predicted right and nothing will change.
    template <bool kTaken>
    bool is_settled(Address at) const {
      return branch == at && counter == (kTaken ? 3 : 0);
    }
  };
  static const Entry kNone;
  /// Stays where it is.
  const Entry& entry_of(Address branch) const { return entries_[index_of(branch)]; }

  void clear() { entries_.assign(entries_.size(), {}); }

 private:
  std::size_t index_of(Address branch) const { return branch >> 1 & mask_; }

  std::vector<Entry> entries_;
  std::size_t mask_;
};

inline constexpr BranchPredictor::Entry BranchPredictor::kNone{};

}  // namespace mcusim::emulator
