#pragma once

#include <optional>
#include <string>
#include <vector>

#include "profiler/compare/reference.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// Cost of the profile against that of the reference, in the reference's unit.
struct Difference {
  std::string name;
  double cost = 0;
  double reference = 0;

  double change() const { return cost - reference; }
  /// In percent of the reference; empty where that is 0.
  std::optional<double> error() const {
    if (reference == 0) return std::nullopt;
    return 100 * change() / reference;
  }
};

/// More (or, below 0, fewer) cycles that one part spent on one stall cause.
struct StallChange {
  std::string part;
  std::string cause;
  std::int64_t cycles = 0;
};

struct Comparison {
  std::string title;  ///< Of the profile.
  std::string reference_title;
  Reference::Unit unit = Reference::Unit::cycles;
  std::vector<Difference> parts;             ///< That both have, in the profile's order.
  std::vector<std::string> only_in_profile;  ///< Names.
  std::vector<std::string> only_in_reference;
  Difference total;                           ///< Of everything where the reference has it, else of `parts`.
  std::optional<double> mean_absolute_error;  ///< Percent, over `parts`.
  std::optional<Difference> worst;            ///< Of `parts`, by error.
  std::vector<StallChange> stall_changes;     ///< The largest first; empty where causes are not known.

  /// Whether the total's or the mean absolute error is more than `percent`; so is one that is not known.
  bool exceeds(double percent) const;
};

/// Parts that have the same name several times are matched in their order.
Comparison compare(const Profile& profile, const Reference& reference);

}  // namespace mcusim::profiler
