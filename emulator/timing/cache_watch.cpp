#include "emulator/timing/cache_watch.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace mcusim::emulator {
namespace {

using Places = std::vector<CacheWatch::PlaceCounts>;

Places sum(const Places& earlier, const Places& later) {
  Places sum = later;
  for (std::size_t i = 0; i < std::min(earlier.size(), later.size()); ++i) {
    sum[i].accesses += earlier[i].accesses;
    sum[i].misses += earlier[i].misses;
    sum[i].fills += earlier[i].fills;
  }
  return sum;
}

/// Both of one length.
Places difference(const Places& later, const Places& earlier) {
  Places difference = later;
  for (std::size_t i = 0; i < later.size(); ++i) {
    difference[i].accesses -= earlier[i].accesses;
    difference[i].misses -= earlier[i].misses;
    difference[i].fills -= earlier[i].fills;
  }
  return difference;
}

}  // namespace

CacheWatch::Findings& CacheWatch::Findings::operator+=(const Findings& later) {
  const auto add = [](Counts& to, const Counts& more) {
    to.accesses += more.accesses;
    to.misses += more.misses;
    to.writebacks += more.writebacks;
  };
  const bool same_places = sets.size() == later.sets.size();
  sets = same_places ? sum(sets, later.sets) : later.sets;
  ways = same_places ? sum(ways, later.ways) : later.ways;
  for (const auto& [owner, counts] : later.by_owner) add(by_owner[owner], counts);
  for (const auto& [code, counts] : later.by_code) add(by_code[code], counts);
  for (const auto& [owners, more] : later.conflicts) {
    Conflict& conflict = conflicts[owners];
    conflict.misses += more.misses;
    conflict.sets.resize(std::max(conflict.sets.size(), more.sets.size()));
    for (std::size_t i = 0; i < more.sets.size(); ++i) conflict.sets[i] = conflict.sets[i] || more.sets[i];
  }
  return *this;
}

std::unique_ptr<CacheWatch> CacheWatch::make(const Shape& shape, const OwnerOf& owner_of,
                                             const Accessing& accessing) {
  return owner_of ? std::make_unique<CacheWatch>(shape, owner_of, accessing) : nullptr;
}

CacheWatch::CacheWatch(const Shape& shape, OwnerOf owner_of, Accessing accessing)
    : shape_(shape), owner_of_(std::move(owner_of)), accessing_(std::move(accessing)) {
  overflow_.lines.resize(kBlock / shape_.line_bytes);
  reset();
}

void CacheWatch::reset() {
  for (auto& row : blocks_) row.reset();
  block_count_ = 0;
  overflown_ = false;
  time_ = 0;
  misses_ = {};
  count_places_anew();
  clear();
  filled_ = true;
  invalidated();
}

void CacheWatch::clear() {
  for_each_block([](Address, Block& block) { block.accesses.fill(0); });
  sets_before_ = sets_;
  ways_before_ = ways_;
  found_ = {};
}

void CacheWatch::count_places_anew() {
  sets_.assign(shape_.sets, {});
  ways_.assign(std::size_t{shape_.sets} * shape_.ways, {});
  sets_before_ = sets_;
  ways_before_ = ways_;
}

// Firmware invalidates set by set, which is taken for the whole cache each time.
void CacheWatch::invalidated() {
  if (!std::exchange(filled_, false)) return;
  const std::uint32_t slots = shape_.sets * shape_.ways;
  ++era_;
  for_each_block([&](Address, Block& block) {
    for (Line& line : block.lines) line.slot = slots;
  });
  for (Line& line : overflow_.lines) line.slot = slots;
  last_use_.assign(slots + 1, 0);
  taken_.assign(slots, false);
  left_.clear();
}

void CacheWatch::organised(std::uint32_t sets, std::uint32_t ways) {
  if (sets != shape_.sets) {
    shape_.sets = sets;
    shape_.ways = ways;
    count_places_anew();
  }
  invalidated();
}

template <typename Visit>
void CacheWatch::for_each_block(Visit&& visit) const {
  for (Address high = 0; high < blocks_.size(); ++high) {
    if (blocks_[high] == nullptr) continue;
    for (Address low = 0; low < blocks_[high]->size(); ++low)
      if (Block* const block = (*blocks_[high])[low].get(); block != nullptr)
        visit(high << 22 | low << 12, *block);
  }
}

CacheWatch::Block& CacheWatch::new_block(Address address) {
  if (block_count_ == kMostBlocks) {
    overflown_ = true;
    return overflow_;
  }
  ++block_count_;
  auto& row = blocks_[address >> 22];
  if (row == nullptr) row = std::make_unique<std::array<std::unique_ptr<Block>, 1024>>();
  auto& block = (*row)[address >> 12 & 1023];
  block = std::make_unique<Block>();
  block->lines.resize(kBlock / shape_.line_bytes);
  for (Line& line : block->lines) line.slot = shape_.sets * shape_.ways;
  return *block;
}

/// Of a line that was in the cache: whether fewer others than it has lines were used since.
bool CacheWatch::is_conflict(const Line& line) const {
  const auto since = [&](std::uint64_t use) { return use > line.left; };
  const auto others = std::count_if(last_use_.begin(), last_use_.end() - 1, since) +
                      std::count_if(left_.begin(), left_.end(), since);
  return static_cast<std::size_t>(others) < last_use_.size() - 1;
}

void CacheWatch::used(Address address, std::uint32_t set, std::uint32_t times) {
  Block& block = block_of(address);
  block.accesses[address % kBlock / kWord] += times;
  const std::uint32_t slot = block.lines[address % kBlock / shape_.line_bytes].slot;
  last_use_[slot] = ++time_;
  sets_[set].accesses += times;
  const bool has_missed = std::exchange(has_missed_, false);
  if (slot == ways_.size()) return;
  ways_[slot].accesses += times;
  ways_[slot].misses += has_missed ? 1 : 0;
}

void CacheWatch::missed(Address address, std::uint32_t set, Address code) {
  code_ = code;
  has_missed_ = true;
  ++sets_[set].misses;
  const Line& line = line_of(address);
  const std::uint32_t owner = owner_of_(address);
  MissClasses miss;
  if (line.era != era_) {
    miss.compulsory = 1;
  } else if (!is_conflict(line)) {
    miss.capacity = 1;
  } else {
    miss.conflict = 1;
    const Owners owners{owner, owner_of_(line.taken_by)};
    if (found_.conflicts.size() < kMostConflicts || found_.conflicts.contains(owners)) {
      Conflict& conflict = found_.conflicts[owners];
      ++conflict.misses;
      conflict.sets.resize(std::max(conflict.sets.size(), sets_.size()));
      conflict.sets[set] = true;
    }
  }
  misses_ += miss;
  found_.by_owner[owner].misses += miss;
  found_.by_code[code].misses += miss;
}

void CacheWatch::filled(Address address, std::uint32_t set, std::optional<Address> evicted,
                        bool written_back) {
  ++sets_[set].fills;
  filled_ = true;
  if (evicted) {
    leave(line_of(*evicted), address);
    if (written_back) {
      ++found_.by_owner[owner_of_(*evicted)].writebacks;
      ++found_.by_code[code_].writebacks;
    }
  }
  Line& line = line_of(address);
  if (line.era == era_) {
    // It is no longer one of those that left.
    const auto place = std::ranges::find(left_, line.left);
    if (place != left_.end()) {
      *place = left_.back();
      left_.pop_back();
    }
  }
  line.era = era_;
  // As caches do it: the first way that is free. In a full set that is the one that has just become free.
  const auto first = taken_.begin() + static_cast<std::ptrdiff_t>(std::size_t{set} * shape_.ways);
  const auto way = std::find(first, first + shape_.ways, false);
  if (way == first + shape_.ways) return;
  *way = true;
  line.slot = static_cast<std::uint32_t>(way - taken_.begin());
  ++ways_[line.slot].fills;
}

// Of lines that left only as many matter as the cache has, those that were used last: behind another one
// there are more than that.
void CacheWatch::leave(Line& line, Address taken_by) {
  const auto slots = static_cast<std::uint32_t>(last_use_.size() - 1);
  if (line.slot == slots) return;
  line.left = last_use_[line.slot];
  line.taken_by = taken_by;
  left_.push_back(line.left);
  last_use_[line.slot] = 0;
  taken_[line.slot] = false;
  line.slot = slots;
  if (left_.size() <= 2 * std::size_t{slots}) return;
  std::ranges::nth_element(left_, left_.begin() + slots, std::ranges::greater());
  left_.resize(slots);
}

CacheWatch::Findings CacheWatch::findings() const {
  Findings findings = found_;
  findings.sets = difference(sets_, sets_before_);
  findings.ways = difference(ways_, ways_before_);
  for_each_block([&](Address begin, const Block& block) {
    for (std::size_t word = 0; word < block.accesses.size(); ++word) {
      if (block.accesses[word] == 0) continue;
      findings.by_owner[owner_of_(begin + static_cast<Address>(word) * kWord)].accesses +=
          block.accesses[word];
    }
  });
  return findings;
}

}  // namespace mcusim::emulator
