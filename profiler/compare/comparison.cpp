#include "profiler/compare/comparison.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

namespace mcusim::profiler {
namespace {

constexpr std::size_t kMostStallChanges = 10;

/// Parts of the reference that wait for their like in the profile.
class Waiting {
 public:
  explicit Waiting(const std::vector<Reference::Part>& parts) {
    for (const Reference::Part& part : parts) by_key_[key_of(part)].push_back(&part);
  }

  /// By index, else the next of this name; null: none.
  const Reference::Part* take(std::int64_t index, const std::string& name) {
    for (const Key& key : {Key{index, ""}, Key{-1, name}}) {
      const auto found = by_key_.find(key);
      if (found == by_key_.end() || found->second.empty()) continue;
      const Reference::Part* part = found->second.front();
      found->second.pop_front();
      return part;
    }
    return nullptr;
  }

  std::vector<std::string> rest() const {
    std::vector<std::string> names;
    for (const auto& [key, parts] : by_key_)
      for (const Reference::Part* part : parts) names.push_back(part->name);
    return names;
  }

 private:
  using Key = std::pair<std::int64_t, std::string>;
  static Key key_of(const Reference::Part& part) {
    return part.index ? Key{*part.index, ""} : Key{-1, part.name};
  }

  std::map<Key, std::deque<const Reference::Part*>> by_key_;
};

void add_stall_changes(const Reference& ours, const Reference::Part& part, const Reference& theirs,
                       const Reference::Part& other, std::vector<StallChange>& changes) {
  if (part.stalls.empty() || other.stalls.empty()) return;
  std::map<std::string, std::uint64_t> by_cause;  ///< Below 0 modulo 2^64.
  for (std::size_t i = 0; i < part.stalls.size(); ++i) by_cause[ours.stall_causes[i]] += part.stalls[i];
  for (std::size_t i = 0; i < other.stalls.size(); ++i) by_cause[theirs.stall_causes[i]] -= other.stalls[i];
  for (const auto& [cause, cycles] : by_cause)
    if (cycles != 0) changes.push_back({part.name, cause, static_cast<std::int64_t>(cycles)});
}

void add_statistics(Comparison& result) {
  double sum = 0;
  std::size_t count = 0;
  for (const Difference& part : result.parts) {
    const std::optional<double> error = part.error();
    if (!error) continue;
    sum += std::abs(*error);
    ++count;
    if (!result.worst || std::abs(*error) > std::abs(*result.worst->error())) result.worst = part;
  }
  if (count != 0) result.mean_absolute_error = sum / static_cast<double>(count);
}

}  // namespace

bool Comparison::exceeds(double percent) const {
  const std::optional<double> error = total.error();
  return !error || std::abs(*error) > percent ||
         (!parts.empty() && mean_absolute_error.value_or(0) > percent);
}

Comparison compare(const Profile& profile, const Reference& reference) {
  const Reference ours = reference_of(profile);
  Comparison result;
  result.title = ours.title;
  result.reference_title = reference.title;
  result.unit = reference.unit;
  const double scale = reference.unit == Reference::Unit::cycles ? 1 : profile.milliseconds(1);
  Waiting waiting(reference.parts);
  for (std::size_t i = 0; i < ours.parts.size(); ++i) {
    const Reference::Part& part = ours.parts[i];
    const std::int64_t index =
        profile.layers.empty() ? static_cast<std::int64_t>(i) : profile.layers[i].layer.index;
    const Reference::Part* other = waiting.take(index, part.name);
    if (other == nullptr) {
      result.only_in_profile.push_back(part.name);
      continue;
    }
    result.parts.push_back({part.name, scale * part.cost, other->cost});
    add_stall_changes(ours, part, reference, *other, result.stall_changes);
  }
  result.only_in_reference = waiting.rest();
  result.total.name = "total";
  if (reference.total) {
    result.total = {"total", scale * *ours.total, *reference.total};
  } else {
    for (const Difference& part : result.parts) {
      result.total.cost += part.cost;
      result.total.reference += part.reference;
    }
  }
  add_statistics(result);
  std::ranges::stable_sort(result.stall_changes, std::ranges::greater(), [](const StallChange& change) {
    return std::abs(static_cast<double>(change.cycles));
  });
  if (result.stall_changes.size() > kMostStallChanges) result.stall_changes.resize(kMostStallChanges);
  return result;
}

}  // namespace mcusim::profiler
