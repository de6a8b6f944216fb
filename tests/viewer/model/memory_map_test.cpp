#include "viewer/model/memory_map.h"

#include <gtest/gtest.h>

#include "../sample_profile.h"

namespace mcusim::viewer {
namespace {

TEST(MemoryMap, RegionsHoldWhatLiesInThem) {
  const profiler::Profile profile = sample_profile();
  const auto map = memory_map(profile);
  ASSERT_EQ(map.size(), 2u);
  EXPECT_EQ(map[0].use->span.name, "flash");
  EXPECT_EQ(map[0].segments.size(), 2u);
  EXPECT_EQ(map[0].symbols.size(), 5u);
  EXPECT_EQ(map[1].symbols.back().name, "__stack");
}

TEST(MemoryMap, WhatReachesOverTheEndOfARegionIsCut) {
  profiler::Profile profile = sample_profile();
  profile.segments = {{"huge", 0x08010000, 0xffffffff}};
  const auto map = memory_map(profile);
  ASSERT_EQ(map[0].segments.size(), 1u);
  EXPECT_EQ(map[0].segments[0].size, 0x10000u);
  ASSERT_EQ(map[1].segments.size(), 1u);
  EXPECT_EQ(map[1].segments[0].begin, 0x20000000u);
}

TEST(MemoryMap, TheSymbolWithTheMostAccessesPerByteIsTheHottest) {
  profiler::Profile profile = sample_profile();
  profile.symbols = {{"big", 0x20000000, 1'000}, {"small", 0x20001000, 10}, {"idle", 0x20002000, 10}};
  profile.caches.resize(1);
  profile.caches[0].symbols = {{"big", 5'000, 0}, {"small", 5'000, 0}};
  const auto map = memory_map(profile);
  ASSERT_EQ(map[1].heat.size(), 3u);
  EXPECT_EQ(map[1].heat[1], 1) << "as many accesses on fewer bytes";
  EXPECT_GT(map[1].heat[0], 0);
  EXPECT_LT(map[1].heat[0], 0.5);
  EXPECT_EQ(map[1].heat[2], 0);
}

TEST(MemoryMap, WithoutAccessesBySymbolThereIsNoHeat) {
  profiler::Profile profile = sample_profile();
  for (profiler::CacheProfile& cache : profile.caches) cache.symbols.clear();
  for (const MappedRegion& region : memory_map(profile)) EXPECT_TRUE(region.heat.empty());
}

TEST(MemoryMap, SpansInOnePixelAreOneBox) {
  const std::vector<profiler::AddressSpan> spans = {{"a", 0, 2}, {"b", 2, 2}, {"c", 500, 500}};
  const auto boxes = visible_spans(spans, Axis(0, 1000), 100);
  ASSERT_EQ(boxes.size(), 2u);
  EXPECT_EQ(boxes[0].span, MapBox::kMany);
  EXPECT_EQ(boxes[1].span, 2u);
  EXPECT_DOUBLE_EQ(boxes[1].left, 50);
}

TEST(SymbolTable, NamesTheMemoryOfEachSymbol) {
  const profiler::Profile profile = sample_profile();
  Table table = symbol_table(profile);
  table.sort(1, true);
  const std::size_t largest = table.rows().front();
  EXPECT_EQ(table.columns()[0].text(largest), "net_arena");
  EXPECT_EQ(table.columns()[3].text(largest), "sram");
}

}  // namespace
}  // namespace mcusim::viewer
