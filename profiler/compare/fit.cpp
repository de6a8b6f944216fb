#include "profiler/compare/fit.h"

#include <map>
#include <utility>

namespace mcusim::profiler {

Fit fit(std::vector<unsigned> start,
        const std::function<std::optional<double>(const std::vector<unsigned>&)>& error, unsigned most_runs) {
  Fit best{std::move(start), 0, 0};
  std::map<std::vector<unsigned>, std::optional<double>> known;
  const auto error_of = [&](const std::vector<unsigned>& values) -> std::optional<double> {
    const auto found = known.find(values);
    if (found != known.end()) return found->second;
    if (best.runs == most_runs) return std::nullopt;
    ++best.runs;
    return known[values] = error(values);
  };
  best.error = error_of(best.values).value_or(0);

  const auto move = [&](std::size_t place, int direction) {
    bool moved = false;
    for (unsigned step = 1; direction > 0 || step <= best.values[place]; step *= 2) {
      std::vector<unsigned> values = best.values;
      values[place] = direction > 0 ? values[place] + step : values[place] - step;
      const std::optional<double> there = error_of(values);
      if (!there || *there >= best.error) break;
      best.values = std::move(values);
      best.error = *there;
      moved = true;
    }
    return moved;
  };
  for (bool moved = true; moved && best.runs < most_runs;) {
    moved = false;
    for (std::size_t place = 0; place < best.values.size(); ++place)
      for (const int direction : {-1, 1}) moved |= move(place, direction);
  }
  return best;
}

}  // namespace mcusim::profiler
