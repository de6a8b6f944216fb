#include "viewer/model/cache_heat.h"

#include <gtest/gtest.h>

#include "viewer/model/cache_table.h"

namespace mcusim::viewer {
namespace {

constexpr std::size_t kAll = 1'000;

/// Ten windows of 100 cycles, five sets of two ways: window w, set s have 10 w + s accesses and w misses, all
/// misses and half of the rest in the second way.
profiler::CacheProfile cache() {
  profiler::CacheProfile cache;
  cache.set_misses.resize(5);
  cache.ways = 2;
  cache.heat.window = 100;
  for (std::uint32_t window = 0; window < 10; ++window) {
    for (std::uint32_t set = 0; set < 5; ++set) {
      cache.heat.accesses.push_back(10 * window + set);
      cache.heat.misses.push_back(window);
      const std::uint32_t hits_of_first = (9 * window + set) / 2;
      cache.heat.way_accesses.insert(cache.heat.way_accesses.end(),
                                     {hits_of_first, 10 * window + set - hits_of_first});
      cache.heat.way_misses.insert(cache.heat.way_misses.end(), {0, window});
    }
  }
  return cache;
}

TEST(CacheHeat, WithRoomEachWindowAndSetHasACell) {
  const profiler::CacheProfile sets = cache();
  const CacheHeat heat = cache_heat(sets, Axis(0, heat_end(sets)), kAll, kAll);
  ASSERT_EQ(heat.columns.size(), 10u);
  ASSERT_EQ(heat.rows, 5u);
  EXPECT_EQ(heat.columns[3].begin, 300u);
  EXPECT_EQ(heat.columns[3].end, 400u);
  EXPECT_EQ(heat.at(3, 2).accesses, 32u);
  EXPECT_EQ(heat.at(3, 2).misses, 3u);
  EXPECT_EQ(heat.most.hits, 85u);
  EXPECT_EQ(heat.most.misses, 9u);
}

TEST(CacheHeat, WithoutRoomNeighboursAreOneCellAndNothingIsLost) {
  const profiler::CacheProfile sets = cache();
  const CacheHeat heat = cache_heat(sets, Axis(0, heat_end(sets)), 3, 2);
  ASSERT_EQ(heat.columns.size(), 3u) << "four, four and two windows";
  EXPECT_EQ(heat.columns[2].begin, 800u);
  EXPECT_EQ(heat.columns[2].end, 1'000u);
  EXPECT_EQ(heat.rows, 2u);
  EXPECT_EQ(heat.sets_in_row, 3u);
  EXPECT_EQ(heat.at(2, 1).accesses, 83u + 84 + 93 + 94);
  EXPECT_EQ(heat.at(2, 1).misses, 2u * 8 + 2 * 9);
  std::uint64_t accesses = 0, all = 0;
  for (const HeatCell& cell : heat.cells) accesses += cell.accesses;
  for (const std::uint32_t number : sets.heat.accesses) all += number;
  EXPECT_EQ(accesses, all);
}

TEST(CacheHeat, ShowsTheWindowsThatTheAxisTouches) {
  const profiler::CacheProfile sets = cache();
  Axis time(0, heat_end(sets));
  time.show(250, 420);
  const CacheHeat heat = cache_heat(sets, time, kAll, kAll);
  ASSERT_EQ(heat.columns.size(), 3u);
  EXPECT_EQ(heat.columns.front().begin, 200u);
  EXPECT_EQ(heat.columns.back().end, 500u);
  EXPECT_EQ(heat.most.misses, 4u) << "of those that are seen";
}

TEST(CacheHeat, WaysAreThoseOfTheTimeThatIsSeen) {
  const profiler::CacheProfile sets = cache();
  Axis time(0, heat_end(sets));
  time.show(250, 420);
  const CacheHeat heat = cache_heat(sets, time, kAll, kAll);
  ASSERT_EQ(heat.ways, 2u);
  EXPECT_EQ(heat.of_way(4, 0).accesses, 11u + 15 + 20) << "windows 2, 3 and 4";
  EXPECT_EQ(heat.of_way(4, 0).misses, 0u);
  EXPECT_EQ(heat.of_way(4, 1).misses, 2u + 3 + 4);
  EXPECT_EQ(heat.of_way(4, 1).hits(), 11u + 16 + 20);
  EXPECT_EQ(heat.most_of_way.hits, 11u + 16 + 20);
  EXPECT_EQ(heat.most_of_way.misses, 9u);
}

TEST(CacheHeat, WaysOfARowAddUpToItsCells) {
  const profiler::CacheProfile sets = cache();
  const CacheHeat heat = cache_heat(sets, Axis(0, heat_end(sets)), 3, 2);
  for (std::size_t row = 0; row < heat.rows; ++row) {
    HeatCell cells, ways;
    for (std::size_t column = 0; column < heat.columns.size(); ++column) {
      cells.accesses += heat.at(column, row).accesses;
      cells.misses += heat.at(column, row).misses;
    }
    for (std::size_t way = 0; way < heat.ways; ++way) {
      ways.accesses += heat.of_way(row, way).accesses;
      ways.misses += heat.of_way(row, way).misses;
    }
    EXPECT_EQ(ways.accesses, cells.accesses);
    EXPECT_EQ(ways.misses, cells.misses);
  }
}

TEST(CacheHeat, AProfileThatTellsNoWaysHasSetsOnly) {
  profiler::CacheProfile sets = cache();
  sets.heat.way_accesses.clear();
  sets.heat.way_misses.clear();
  const CacheHeat heat = cache_heat(sets, Axis(0, heat_end(sets)), kAll, kAll);
  EXPECT_EQ(heat.ways, 0u);
  EXPECT_EQ(heat.columns.size(), 10u);
}

TEST(CacheHeat, AProfileWithoutTimeHasNone) {
  profiler::CacheProfile sets = cache();
  sets.heat = {};
  EXPECT_EQ(heat_end(sets), 0);
  EXPECT_TRUE(cache_heat(sets, Axis(0, 1), kAll, kAll).columns.empty());
}

TEST(CachedAccesses, AddUpOverCaches) {
  profiler::Profile profile;
  profile.caches.resize(2);
  profile.caches[0].symbols = {{"table", 10, 1}};
  profile.caches[1].symbols = {{"table", 5, 2}, {"arena", 7, 0}};
  const AccessesBySymbol sums = cached_accesses(profile);
  EXPECT_EQ(sums.at("table").accesses, 15u);
  EXPECT_EQ(sums.at("table").misses, 3u);
  EXPECT_EQ(sums.at("arena").accesses, 7u);
}

TEST(CacheTables, ClassesAreColumnsWhereTheyAreKnown) {
  profiler::CacheProfile sets;
  sets.symbols = {{"table", 10, 3}};
  EXPECT_EQ(cache_symbol_table(sets).columns().size(), 4u);
  sets.symbols[0].classes = {1, 0, 2};
  const Table table = cache_symbol_table(sets);
  ASSERT_EQ(table.columns().size(), 8u);
  EXPECT_EQ(table.columns()[6].name, "conflict");
  EXPECT_EQ(table.columns()[6].text(0), "2");
}

TEST(CacheTables, SetsOfAConflictAreToldAsSpans) {
  EXPECT_EQ(spans_of({}), "");
  EXPECT_EQ(spans_of({3}), "3");
  EXPECT_EQ(spans_of({0, 1, 2, 5, 7, 8}), "0-2, 5, 7-8");
}

}  // namespace
}  // namespace mcusim::viewer
