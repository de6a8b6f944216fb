#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "profiler/exports/instruction_index.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// What a path of calls cost by stall cause and in misses of each cache, with all that it called.
///
/// Both are known by instruction, cycles by path: each function's events are shared out among its paths as
/// its cycles are. A function that has one path, or whose paths are alike, has them exactly, and the sums
/// over all paths of a function are exact always.
class PathEvents {
 public:
  PathEvents(const Profile& profile, const InstructionIndex& index);

  /// Causes, then "l1d_misses" and the like of caches that are known by instruction.
  const std::vector<std::string>& names() const { return names_; }
  std::span<const std::uint64_t> inclusive(std::uint32_t path) const {
    return {inclusive_.data() + path * names_.size(), names_.size()};
  }
  /// Of one instruction, in the same order.
  std::vector<std::uint64_t> of(const InstructionProfile& instruction) const;

 private:
  const Profile& profile_;
  std::vector<std::string> names_;
  bool misses_known_ = false;
  std::vector<std::uint64_t> inclusive_;  ///< By path, then by event.
};

}  // namespace mcusim::profiler
