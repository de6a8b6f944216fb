#pragma once

#include <optional>
#include <string>
#include <vector>

#include "profiler/profile.h"
#include "viewer/model/table.h"

namespace mcusim::viewer {

/// A layer or function of two profiles. One that only one of them has misses the other's cycles.
struct ComparedRow {
  std::string name;
  std::optional<Cycles> cycles, other_cycles;

  /// Of the other, relative to this one, in percent; nothing where either is missing or 0.
  std::optional<double> difference() const;
};

struct Comparison {
  bool is_of_layers = false;  ///< Else of functions: not both have layers.
  ComparedRow whole;
  std::vector<ComparedRow> rows;  ///< In the order of the first profile, then what only the other has.
};

/// Layers are the same when name and operator are; the second of that name is compared with the second.
Comparison compare(const profiler::Profile& profile, const profiler::Profile& other);

/// The comparison must outlive the table.
Table comparison_table(const Comparison& comparison);

}  // namespace mcusim::viewer
