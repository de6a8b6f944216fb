#pragma once

#include <functional>
#include <optional>
#include <vector>

namespace mcusim::profiler {

struct Fit {
  std::vector<unsigned> values;
  double error = 0;
  unsigned runs = 0;  ///< How often the error was asked for.
};

/// Moves one value after the other, in steps that double while the error falls, until no step of one makes it
/// smaller or the runs are used up. `error` answers nothing for values that are not possible; the start is.
/// The same error function gives the same result.
Fit fit(std::vector<unsigned> start,
        const std::function<std::optional<double>(const std::vector<unsigned>&)>& error, unsigned most_runs);

}  // namespace mcusim::profiler
