#include "profiler/exports/path_events.h"

#include <algorithm>

#include "common/saturate.h"

namespace mcusim::profiler {

PathEvents::PathEvents(const Profile& profile, const InstructionIndex& index)
    : profile_(profile), names_(profile.stall_causes) {
  misses_known_ = std::ranges::any_of(profile.instructions,
                                      [](const InstructionProfile& entry) { return !entry.misses.empty(); });
  if (misses_known_)
    for (const CacheProfile& cache : profile.caches) names_.push_back(cache.level + "_misses");

  const std::size_t events = names_.size();
  std::vector<std::uint64_t> of_function(profile.functions.size() * events);
  for (const InstructionProfile& entry : profile.instructions) {
    const std::uint32_t function = index.function_at(entry.address);
    if (function == CallPath::kRoot) continue;
    const std::vector<std::uint64_t> costs = of(entry);
    for (std::size_t i = 0; i < events; ++i) of_function[function * events + i] += costs[i];
  }

  std::vector<Cycles> all(profile.functions.size()), done(profile.functions.size());
  std::vector<std::uint32_t> last(profile.functions.size(), CallPath::kRoot);
  for (std::uint32_t i = 0; i < profile.call_paths.size(); ++i) {
    all[profile.call_paths[i].function] += profile.call_paths[i].self_cycles;
    last[profile.call_paths[i].function] = i;
  }
  std::vector<std::uint64_t> given(of_function.size());
  inclusive_.resize(profile.call_paths.size() * events);
  for (std::uint32_t i = 0; i < profile.call_paths.size(); ++i) {
    const CallPath& path = profile.call_paths[i];
    done[path.function] += path.self_cycles;
    for (std::size_t event = 0; event < events; ++event) {
      const std::size_t place = path.function * events + event;
      const double share = static_cast<double>(done[path.function]) /
                           static_cast<double>(std::max<Cycles>(all[path.function], 1));
      const std::uint64_t until =
          i == last[path.function]
              ? of_function[place]
              : std::clamp(
                    static_cast<std::uint64_t>(saturated(static_cast<double>(of_function[place]) * share)),
                    given[place], of_function[place]);
      inclusive_[i * events + event] = until - given[place];
      given[place] = until;
    }
  }
  for (std::size_t i = profile.call_paths.size(); i-- > 0;) {
    const std::uint32_t parent = profile.call_paths[i].parent;
    if (parent == CallPath::kRoot) continue;
    for (std::size_t event = 0; event < events; ++event)
      inclusive_[parent * events + event] += inclusive_[i * events + event];
  }
}

std::vector<std::uint64_t> PathEvents::of(const InstructionProfile& instruction) const {
  std::vector<std::uint64_t> costs = instruction.stalls;
  costs.resize(profile_.stall_causes.size());
  if (!misses_known_) return costs;
  costs.insert(costs.end(), instruction.misses.begin(), instruction.misses.end());
  costs.resize(names_.size());
  return costs;
}

}  // namespace mcusim::profiler
