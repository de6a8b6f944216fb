#include "profiler/set_heat.h"

#include <algorithm>
#include <limits>

namespace mcusim::profiler {
namespace {

using Counts = SetHeat::Counts;

std::uint32_t limited(std::uint64_t value) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
}

void add(const Counts& more, Counts& to) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    to[i].accesses += more[i].accesses;
    to[i].misses += more[i].misses;
  }
}

bool has_grown(const Counts& after, const Counts& before) {
  return std::ranges::equal(after, before, [](const auto& now, const auto& then) {
    return now.accesses >= then.accesses && now.misses >= then.misses;
  });
}

/// Brings `given` to that part of what came between two looks, and what that adds into `row`.
void give(const Counts& before, const Counts& after, double part, Counts& given, Counts& row) {
  const auto add = [&](std::uint64_t all, std::uint64_t& done, std::uint64_t& to) {
    const std::uint64_t until = part == 1 ? all : static_cast<std::uint64_t>(static_cast<double>(all) * part);
    to += until - done;
    done = until;
  };
  for (std::size_t i = 0; i < after.size(); ++i) {
    add(after[i].accesses - before[i].accesses, given[i].accesses, row[i].accesses);
    add(after[i].misses - before[i].misses, given[i].misses, row[i].misses);
  }
}

}  // namespace

void SetHeat::double_windows() {
  for (std::size_t i = 0; 2 * i < rows_.size(); ++i) {
    Row both = std::move(rows_[2 * i]);
    if (2 * i + 1 < rows_.size()) {
      add(rows_[2 * i + 1].sets, both.sets);
      add(rows_[2 * i + 1].ways, both.ways);
    }
    rows_[i] = std::move(both);
  }
  rows_.resize((rows_.size() + 1) / 2);
  window_ *= 2;
}

SetHeat::Row& SetHeat::row_at(Cycles cycles) {
  const std::size_t lines = std::max<std::size_t>(1, counted_.ways.size());
  const std::size_t most = std::clamp<std::size_t>(kMostLines / lines, 1, kMostWindows);
  while (cycles / window_ >= most) double_windows();
  const std::size_t index = cycles / window_;
  if (index >= rows_.size())
    rows_.resize(index + 1, Row{Counts(counted_.sets.size()), Counts(counted_.ways.size())});
  return rows_[index];
}

void SetHeat::look(Cycles now, const Counts& sets, const Counts& ways) {
  // Firmware that organises the cache anew, or resets the core, begins from nothing.
  const bool has_other_places = sets.size() != counted_.sets.size() || ways.size() != counted_.ways.size();
  if (has_other_places) rows_.clear();
  if (has_other_places || !has_grown(sets, counted_.sets) || !has_grown(ways, counted_.ways))
    counted_ = {Counts(sets.size()), Counts(ways.size())};
  Row given{Counts(sets.size()), Counts(ways.size())};
  for (Cycles at = last_; at < now;) {
    Row& row = row_at(at);
    const Cycles end = std::min(now, (at / window_ + 1) * window_);
    const double part = end == now ? 1 : static_cast<double>(end - last_) / static_cast<double>(now - last_);
    give(counted_.sets, sets, part, given.sets, row.sets);
    give(counted_.ways, ways, part, given.ways, row.ways);
    at = end;
  }
  if (now <= last_) return;
  last_ = now;
  counted_ = {sets, ways};
}

CacheProfile::Heat SetHeat::heat() const {
  CacheProfile::Heat heat;
  heat.window = window_;
  for (const Row& row : rows_) {
    for (const auto& set : row.sets) {
      heat.accesses.push_back(limited(set.accesses));
      heat.misses.push_back(limited(set.misses));
    }
    for (const auto& way : row.ways) {
      heat.way_accesses.push_back(limited(way.accesses));
      heat.way_misses.push_back(limited(way.misses));
    }
  }
  return heat;
}

}  // namespace mcusim::profiler
