#include "emulator/timing/cache_watch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <random>
#include <set>

#include "emulator/timing/m7/level1_cache.h"
#include "emulator/timing/pipeline_e200.h"

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kLine = 32;

/// The classes by their definition: a list of lines by their last use.
class ByDefinition {
 public:
  explicit ByDefinition(std::size_t lines) : lines_(lines) {}

  void access(std::uint32_t line, bool missed, MissClasses& classes) {
    const bool held = std::ranges::find(recent_, line) != recent_.end();
    if (missed) ++(!seen_.contains(line) ? classes.compulsory : held ? classes.conflict : classes.capacity);
    seen_.insert(line);
    recent_.remove(line);
    recent_.push_front(line);
    if (recent_.size() > lines_) recent_.pop_back();
  }
  void forget() { *this = ByDefinition(lines_); }

 private:
  std::size_t lines_;
  std::list<std::uint32_t> recent_;
  std::set<std::uint32_t> seen_;
};

mcu_models::CacheModel model(unsigned ways, Bytes size) {
  mcu_models::CacheModel model;
  model.size = size;
  model.line = kLine;
  model.ways = ways;
  model.seed = 0xace1;
  return model;
}

/// An L1 cache of a data side, watched: as MemoryM7 uses it.
class Cache {
 public:
  Cache(unsigned ways, Bytes size) : cache_(model(ways, size)) {
    cache_.watch([](Address address) { return address / 4096; }, [this] { return accessing_; });
  }
  /// Whether it missed.
  bool access(Address address, Address code = 1, bool is_store = false) {
    accessing_ = code;
    const std::uint32_t line = address / kLine;
    const bool missed = !cache_.holds(line);
    if (missed) {
      watch().missed_data(address, cache_.set_of(line));
      cache_.insert(line, is_store);
    } else if (is_store) {
      cache_.mark_dirty(line);
    }
    cache_.note_use(address);
    return missed;
  }
  void clear() { cache_.clear(); }
  CacheWatch& watch() { return *cache_.watch(); }

 private:
  Level1Cache cache_;
  Address accessing_ = 0;
};

void expect_equal(const MissClasses& found, const MissClasses& expected) {
  EXPECT_EQ(found.compulsory, expected.compulsory);
  EXPECT_EQ(found.capacity, expected.capacity);
  EXPECT_EQ(found.conflict, expected.conflict);
}

TEST(CacheWatch, ClassesAreThoseOfAFullyAssociativeCacheWithLru) {
  for (const unsigned ways : {1u, 2u, 4u}) {
    Cache cache(ways, 16 * kLine);
    ByDefinition reference(16);
    MissClasses expected;
    std::mt19937 random(ways);
    for (int i = 0; i < 50'000; ++i) {
      // Mostly near, now and then far, and once in a while everything is invalidated.
      const std::uint32_t line = random() % 8 == 0 ? random() % 200 : i / 500 + random() % 20;
      const bool missed = cache.access(line * kLine + random() % kLine);
      reference.access(line, missed, expected);
      if (random() % 10'000 == 0) {
        cache.clear();
        reference.forget();
      }
    }
    expect_equal(cache.watch().misses(), expected);
    EXPECT_GT(expected.conflict, 1000u);
    EXPECT_GT(expected.capacity, 1000u);
  }
}

TEST(CacheWatch, LinesThatShareASetConflict) {
  Cache cache(1, 16 * kLine);
  for (int i = 0; i < 10; ++i) {
    cache.access(0x1000 + 3 * kLine, 7);
    cache.access(0x2000 + 3 * kLine, 8);
  }
  const CacheWatch::Findings found = cache.watch().findings();
  ASSERT_EQ(found.conflicts.size(), 2u);
  const CacheWatch::Conflict& conflict = found.conflicts.at({1, 2});
  EXPECT_EQ(conflict.misses, 9u) << "the first is compulsory";
  EXPECT_EQ(std::ranges::count(conflict.sets, true), 1);
  EXPECT_TRUE(conflict.sets[3]);
  EXPECT_EQ(found.by_owner.at(1).accesses, 10u);
  EXPECT_EQ(found.by_owner.at(1).misses.conflict, 9u);
  EXPECT_EQ(found.by_code.at(7).misses.sum(), 10u);
  EXPECT_EQ(found.sets[3].accesses, 20u);
  EXPECT_EQ(found.sets[3].misses, 20u);
  EXPECT_EQ(found.sets[3].fills, 20u);
}

TEST(CacheWatch, AsManyLinesOfASetAsItHasWaysStandInOneEach) {
  Cache cache(4, 16 * kLine);  // Four sets.
  for (int round = 0; round < 10; ++round)
    for (Address line = 0; line < 4; ++line)
      for (Address times = 0; times <= line; ++times) cache.access((3 + 4 * line) * kLine);
  const std::vector<CacheWatch::PlaceCounts> ways = cache.watch().findings().ways;
  ASSERT_EQ(ways.size(), 16u);
  for (std::size_t way = 0; way < 4; ++way) {
    EXPECT_EQ(ways[12 + way].accesses, 10 * (way + 1)) << "filled from the first way on";
    EXPECT_EQ(ways[12 + way].misses, 1u);
    EXPECT_EQ(ways[12 + way].fills, 1u);
    EXPECT_EQ(ways[way].accesses + ways[4 + way].accesses + ways[8 + way].accesses, 0u);
  }
}

TEST(CacheWatch, ALineTakesTheWayOfTheOneThatLeaves) {
  TwoWayTags tags(model(2, 4 * kLine));  // Two sets; the line not used last leaves.
  tags.watch([](Address) { return 0u; }, [] { return Address{1}; });
  const auto access = [&](std::uint32_t line) {
    if (!tags.hit(line)) {
      tags.note_missed_data(line * kLine);
      tags.insert(line);
    }
    tags.note_use(line * kLine);
  };
  for (const std::uint32_t line : {0u, 2u, 0u, 4u, 0u, 6u, 0u}) access(line);
  const std::vector<CacheWatch::PlaceCounts> ways = tags.watch()->findings().ways;
  EXPECT_EQ(ways[0].accesses, 4u) << "line 0 never leaves";
  EXPECT_EQ(ways[0].misses, 1u);
  EXPECT_EQ(ways[1].accesses, 3u) << "2, 4 and 6 one after the other";
  EXPECT_EQ(ways[1].misses, 3u);
}

TEST(CacheWatch, WhatPassesTheCacheByIsOfNoWay) {
  Cache cache(1, 16 * kLine);
  cache.access(0x1000);
  cache.watch().used(0x2000, 0);  // As a store that is written through.
  const CacheWatch::Findings found = cache.watch().findings();
  EXPECT_EQ(found.sets[0].accesses, 2u);
  EXPECT_EQ(found.ways[0].accesses, 1u);
}

TEST(CacheWatch, ALoopOverMoreThanTheCacheHoldsLacksCapacity) {
  Cache cache(1, 16 * kLine);
  for (int round = 0; round < 3; ++round)
    for (Address line = 0; line < 32; ++line) cache.access(line * kLine);
  expect_equal(cache.watch().misses(), {32, 64, 0});
}

TEST(CacheWatch, AWriteBackBelongsToTheLineThatLeavesAndTheCodeThatMissed) {
  Cache cache(1, 16 * kLine);
  cache.access(0x1000, 7, true);
  cache.access(0x2000, 8);
  const CacheWatch::Findings found = cache.watch().findings();
  EXPECT_EQ(found.by_owner.at(1).writebacks, 1u);
  EXPECT_EQ(found.by_code.at(8).writebacks, 1u);
}

TEST(CacheWatch, WhatWasClearedAndWhatCameAfterAddUp) {
  Cache cache(2, 16 * kLine), whole(2, 16 * kLine);
  CacheWatch::Findings parts;
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    const Address address = random() % 64 * kLine;
    cache.access(address, 1 + i % 5, i % 3 == 0);
    whole.access(address, 1 + i % 5, i % 3 == 0);
    if (i != 1000) continue;
    parts += cache.watch().findings();
    cache.watch().clear();
  }
  parts += cache.watch().findings();
  const CacheWatch::Findings all = whole.watch().findings();
  ASSERT_EQ(parts.by_owner.size(), all.by_owner.size());
  for (const auto& [owner, counts] : all.by_owner) {
    EXPECT_EQ(parts.by_owner.at(owner).accesses, counts.accesses);
    EXPECT_EQ(parts.by_owner.at(owner).writebacks, counts.writebacks);
    expect_equal(parts.by_owner.at(owner).misses, counts.misses);
  }
  for (const auto& [owners, conflict] : all.conflicts) {
    EXPECT_EQ(parts.conflicts.at(owners).misses, conflict.misses);
    EXPECT_EQ(parts.conflicts.at(owners).sets, conflict.sets);
  }
  for (std::size_t set = 0; set < all.sets.size(); ++set)
    EXPECT_EQ(parts.sets[set].accesses, all.sets[set].accesses);
  for (std::size_t way = 0; way < all.ways.size(); ++way) {
    EXPECT_EQ(parts.ways[way].accesses, all.ways[way].accesses);
    EXPECT_EQ(parts.ways[way].misses, all.ways[way].misses);
    EXPECT_EQ(parts.ways[way].fills, all.ways[way].fills);
  }
}

TEST(CacheWatch, SoMuchMemoryThatItLosesTrackIsSaid) {
  Cache cache(4, 16 * kLine);
  for (Address page = 0; page < 4096; ++page) cache.access(page * 4096);
  EXPECT_TRUE(cache.watch().complete());
  cache.access(4096u * 4096);
  for (Address page = 0; page < 100; ++page) cache.access((5000 + page) * 4096);
  EXPECT_FALSE(cache.watch().complete());
}

}  // namespace
}  // namespace mcusim::emulator
