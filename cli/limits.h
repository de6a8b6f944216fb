#pragma once

#include <string>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::cli {

/// One `--limit NAME=VALUE`: a measured value above it makes the run end with status 1.
struct Limit {
  enum class What : std::uint8_t { cycles, time_ms, stack, heap, flash, ram };
  What what = What::cycles;
  double value = 0;
  std::string text;  ///< As given.
};

/// Throws InputError naming the limits that there are.
Limit parse_limit(const std::string& text);

/// A limit whose value is unknown counts as broken.
std::vector<profiler::CheckedLimit> check_limits(const std::vector<Limit>& limits,
                                                 const profiler::Profile& profile);

}  // namespace mcusim::cli
