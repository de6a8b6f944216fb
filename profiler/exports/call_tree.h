#pragma once

#include <cstdint>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// What exports ask of Profile::call_paths: whole stacks, and what a path cost with all that it called. The
/// profile must outlive it.
///
/// Stacks are at most kDeepestStack calls deep: what lies deeper counts as part of its caller at that depth,
/// so that recursion does not make exports grow with the square of its depth.
class CallTree {
 public:
  static constexpr std::uint32_t kDeepestStack = 256;

  struct Cost {
    Cycles cycles = 0;
    std::uint64_t instructions = 0;
  };

  explicit CallTree(const Profile& profile);

  /// The path itself, then its callers outwards: indices into Profile::call_paths.
  std::vector<std::uint32_t> stack(std::uint32_t path) const;
  const Cost& inclusive(std::uint32_t path) const { return inclusive_[path]; }

 private:
  const Profile& profile_;
  std::vector<std::uint32_t> shown_as_;  ///< By path: itself, or its caller at the depth limit.
  std::vector<Cost> inclusive_;          ///< By path.
};

/// A name for formats that are made of lines: control characters become spaces.
std::string one_line(std::string text);

/// Throws InputError when the profile has no call paths: `format` cannot be made of it.
void require_calls(const Profile& profile, std::string_view format);

}  // namespace mcusim::profiler
