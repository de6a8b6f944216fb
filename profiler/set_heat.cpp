#include "profiler/set_heat.h"

#include <algorithm>
#include <limits>

namespace mcusim::profiler {
namespace {

std::uint32_t limited(std::uint64_t value) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

void SetHeat::double_windows() {
  for (std::size_t i = 0; 2 * i < rows_.size(); ++i) {
    Row both = std::move(rows_[2 * i]);
    for (std::size_t set = 0; 2 * i + 1 < rows_.size() && set < both.size(); ++set) {
      both[set].accesses += rows_[2 * i + 1][set].accesses;
      both[set].misses += rows_[2 * i + 1][set].misses;
    }
    rows_[i] = std::move(both);
  }
  rows_.resize((rows_.size() + 1) / 2);
  window_ *= 2;
}

SetHeat::Row& SetHeat::row_at(Cycles cycles) {
  while (cycles / window_ >= kMostWindows) double_windows();
  const std::size_t index = cycles / window_;
  if (index >= rows_.size()) rows_.resize(index + 1, Row(counted_.size()));
  return rows_[index];
}

void SetHeat::look(Cycles now, const Row& sets) {
  // Firmware that organises the cache anew, or resets the core, begins from nothing.
  const bool is_new = sets.size() != counted_.size() ||
                      !std::ranges::equal(sets, counted_, [](const auto& after, const auto& before) {
                        return after.accesses >= before.accesses && after.misses >= before.misses;
                      });
  if (is_new) {
    if (sets.size() != counted_.size()) rows_.clear();
    counted_.assign(sets.size(), {});
  }
  Row given(sets.size());
  for (Cycles at = last_; at < now;) {
    Row& row = row_at(at);
    const Cycles end = std::min(now, (at / window_ + 1) * window_);
    const double part = static_cast<double>(end - last_) / static_cast<double>(now - last_);
    const auto add = [&](std::uint64_t all, std::uint64_t& done, std::uint64_t& to) {
      const std::uint64_t until =
          end == now ? all : static_cast<std::uint64_t>(static_cast<double>(all) * part);
      to += until - done;
      done = until;
    };
    for (std::size_t set = 0; set < sets.size(); ++set) {
      add(sets[set].accesses - counted_[set].accesses, given[set].accesses, row[set].accesses);
      add(sets[set].misses - counted_[set].misses, given[set].misses, row[set].misses);
    }
    at = end;
  }
  if (now <= last_) return;
  last_ = now;
  counted_ = sets;
}

CacheProfile::Heat SetHeat::heat() const {
  CacheProfile::Heat heat;
  heat.window = window_;
  for (const Row& row : rows_) {
    for (const auto& set : row) {
      heat.accesses.push_back(limited(set.accesses));
      heat.misses.push_back(limited(set.misses));
    }
  }
  return heat;
}

}  // namespace mcusim::profiler
