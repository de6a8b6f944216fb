#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/units.h"
#include "emulator/image/line_table.h"

namespace mcusim::profiler {

/// What one instruction did that a --check forbids.
struct AccessFinding {
  Address pc = 0;
  emulator::SourceLine source;  ///< Of the instruction; empty and 0: unknown.
  bool writes = false;
  Address address = 0;      ///< Of the first such access.
  unsigned width = 0;       ///< Bytes of that.
  unsigned wrong = 0;       ///< How many of them were wrong; the others were not.
  std::string object;       ///< Symbol that holds `address`; empty: none.
  Bytes offset = 0;         ///< In the object.
  std::string rule;         ///< What was broken: "never written".
  std::uint64_t count = 0;  ///< Accesses of this instruction that were wrong.

  /// Some bytes of the access were right: padding that is copied with a structure, or the end of a buffer
  /// that is read by words. Not counted as a failure.
  bool is_partial() const { return wrong < width; }
};

/// What a --check of the run found.
struct CheckResult {
  std::string name;                     ///< As given to --check.
  std::vector<AccessFinding> findings;  ///< The first ones, in order of time, one per instruction.
  std::uint64_t places = 0;             ///< Instructions with findings, listed or not.
  std::uint64_t accesses = 0;           ///< Of all of them.

  bool failed() const {
    for (const AccessFinding& finding : findings)
      if (!finding.is_partial()) return true;
    return places > findings.size();
  }
};

}  // namespace mcusim::profiler
