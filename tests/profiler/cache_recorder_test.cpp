#include "profiler/cache_recorder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "profiled_run.h"

// programs/caches.c tells what each function does; where a set has more lines than ways, pseudo-random
// replacement decides how often each of them is missed.
namespace mcusim::profiler {
namespace {

const emulator::Image& program() {
  static const emulator::Image image = emulator::load_image(MCUSIM_TEST_PROGRAMS "/caches.elf");
  return image;
}

RecordOptions watched() {
  RecordOptions options;
  options.watch_caches = true;
  return options;
}

const Profile& run() {
  static const Profile profile = profile_of(program(), "full", recursion, watched(), "stm32h743");
  return profile;
}

const CacheProfile& data_cache() { return run().caches.at(1); }

const CacheShare& share(const std::vector<CacheShare>& shares, const std::string& name) {
  const auto found = std::ranges::find(shares, name, &CacheShare::name);
  if (found == shares.end()) throw std::runtime_error("nothing of " + name);
  return *found;
}

template <typename T>
std::uint64_t sum(const std::vector<T>& values) {
  return std::accumulate(values.begin(), values.end(), std::uint64_t{0});
}
std::uint64_t misses(const std::vector<CacheShare>& shares) {
  std::uint64_t sum = 0;
  for (const CacheShare& share : shares) sum += share.misses;
  return sum;
}

TEST(CacheRecorder, WhatAStreamMissesIsCompulsoryThenLacksCapacity) {
  const CacheShare& stream = share(data_cache().symbols, "stream");
  EXPECT_EQ(stream.accesses, 3u * 1024) << "two rounds of reading, one of writing, a word of each line";
  EXPECT_EQ(stream.classes->compulsory, 1024u);
  EXPECT_EQ(stream.classes->conflict, 0u) << "512 lines are the cache";
  // A replaced line may be an old one, so that some of the last ones are still there in the next round.
  EXPECT_GT(stream.classes->capacity, 1200u);
}

TEST(CacheRecorder, FiveLinesOfOneSetOfFourConflictByName) {
  std::uint64_t conflicts = 0;
  for (const char* name : {"page_a", "page_b", "page_c", "page_d", "page_e"}) {
    const CacheShare& page = share(data_cache().symbols, name);
    EXPECT_EQ(page.accesses, 200u) << name;
    EXPECT_EQ(page.classes->compulsory, 1u) << name;
    EXPECT_EQ(page.classes->capacity, 0u) << name;
    conflicts += page.classes->conflict;
  }
  EXPECT_GE(conflicts, 200u) << "at least one of five in each round";
  EXPECT_EQ(*data_cache().conflict, conflicts) << "nothing else conflicts";
  ASSERT_EQ(data_cache().conflicts.size(), 10u) << "of 20 pairs";
  for (const CacheProfile::Conflict& conflict : data_cache().conflicts) {
    EXPECT_TRUE(conflict.evicted.starts_with("page_") && conflict.by.starts_with("page_"))
        << conflict.evicted;
    EXPECT_NE(conflict.evicted, conflict.by);
    EXPECT_EQ(conflict.sets, (std::vector<std::uint32_t>{2}));
    EXPECT_LE(conflict.misses, data_cache().conflicts.front().misses);
  }
}

TEST(CacheRecorder, CodeThatMissesIsNamed) {
  const CacheProfile& cache = data_cache();
  EXPECT_EQ(share(cache.functions, "dispute").classes->conflict, *cache.conflict);
  // Addresses of the arrays are read through this cache, too: each function has its own line of them in the
  // flash.
  EXPECT_EQ(share(cache.functions, "stay").misses, 1u + 1);
  EXPECT_EQ(share(cache.functions, "read_twice").classes->compulsory, 1024u + 1);
  // Nothing is dirty before it writes, and what it writes last stays.
  EXPECT_EQ(share(cache.functions, "write_once").writebacks + share(cache.functions, "stay").writebacks,
            *cache.writebacks);
  EXPECT_EQ(share(cache.symbols, "stream").writebacks, *cache.writebacks);
  EXPECT_GE(*cache.writebacks, 1024u - 512u);
}

TEST(CacheRecorder, EveryDivisionOfTheMissesAddsUp) {
  for (std::size_t i = 0; i < 2; ++i) {
    const CacheProfile& cache = run().caches[i];
    EXPECT_EQ(*cache.compulsory + *cache.capacity + *cache.conflict, cache.misses) << cache.level;
    EXPECT_EQ(misses(cache.symbols), cache.misses) << cache.level;
    EXPECT_EQ(misses(cache.functions), cache.misses) << cache.level;
    EXPECT_EQ(sum(cache.set_misses), cache.misses) << cache.level;
    EXPECT_EQ(sum(cache.set_fills), cache.misses) << cache.level;
    EXPECT_EQ(sum(cache.set_accesses), cache.accesses) << cache.level;
    EXPECT_EQ(sum(cache.heat.accesses), cache.accesses) << cache.level << ": the window is the run";
    EXPECT_EQ(sum(cache.heat.misses), cache.misses) << cache.level;
    std::uint64_t by_instruction = 0, accesses = 0;
    for (const InstructionProfile& entry : run().instructions)
      if (!entry.misses.empty()) by_instruction += entry.misses[i];
    EXPECT_EQ(by_instruction, cache.misses) << cache.level;
    for (const CacheShare& symbol : cache.symbols) accesses += symbol.accesses;
    EXPECT_EQ(accesses, cache.accesses) << cache.level;
  }
}

TEST(CacheRecorder, WaysOfASetAddUpToIt) {
  for (std::size_t i = 0; i < 2; ++i) {
    const CacheProfile& cache = run().caches[i];
    const std::size_t sets = cache.set_misses.size(), windows = cache.heat.misses.size() / sets;
    ASSERT_EQ(cache.way_accesses.size(), sets * cache.ways) << cache.level;
    const auto of_set = [&](const auto& ways, std::size_t set) {
      const auto first = ways.begin() + static_cast<std::ptrdiff_t>(set * cache.ways);
      return std::accumulate(first, first + cache.ways, std::uint64_t{0});
    };
    for (std::size_t set = 0; set < sets; ++set) {
      EXPECT_EQ(of_set(cache.way_accesses, set), cache.set_accesses[set]) << cache.level << " " << set;
      EXPECT_EQ(of_set(cache.way_misses, set), cache.set_misses[set]) << cache.level << " " << set;
      EXPECT_EQ(of_set(cache.way_fills, set), cache.set_fills[set]) << cache.level << " " << set;
    }
    // Over time both are spread by themselves, to whole accesses.
    ASSERT_EQ(cache.heat.way_misses.size(), windows * sets * cache.ways) << cache.level;
    EXPECT_EQ(sum(cache.heat.way_accesses), cache.accesses) << cache.level;
    EXPECT_EQ(sum(cache.heat.way_misses), cache.misses) << cache.level;
  }
}

TEST(CacheRecorder, FiveLinesOfOneSetTakeAllOfItsWays) {
  const CacheProfile& cache = data_cache();
  // Of at least 200 conflicts. In other sets a way misses no more often than `stream` comes by: 8 lines of it
  // share a set, which are read twice and written once.
  for (std::size_t way = 0; way < cache.ways; ++way)
    EXPECT_GT(cache.way_misses[2 * cache.ways + way], 40u) << way;
  for (std::size_t i = 0; i < cache.way_misses.size(); ++i) {
    if (i / cache.ways == 2) continue;
    EXPECT_LT(cache.way_misses[i], 40u) << i;
  }
}

TEST(CacheRecorder, SetsAndWindowsAreBounded) {
  EXPECT_EQ(data_cache().ways, 4u);
  EXPECT_EQ(data_cache().line, 32u);
  EXPECT_EQ(data_cache().set_misses.size(), 128u);
  EXPECT_EQ(data_cache().heat.accesses.size() % 128, 0u);
  EXPECT_LE(data_cache().heat.accesses.size() / 128, SetHeat::kMostWindows);
  EXPECT_EQ(data_cache().heat.accesses.size() / 128, run().run.cycles / data_cache().heat.window + 1);
}

TEST(CacheRecorder, LookingOnChangesNoCycle) {
  emulator::MachineOptions options;
  options.timing = "full";
  const mcu_models::McuModel mcu = mcu_models::load_mcu("stm32h743");
  emulator::Machine machine(mcu, mcu_models::load_board(mcu, ""), options);
  machine.load(program());
  const Profile alone = record_run(machine, program(), {});
  EXPECT_EQ(alone.run.cycles, run().run.cycles);
  ASSERT_EQ(alone.caches.size(), run().caches.size());
  for (std::size_t i = 0; i < alone.caches.size(); ++i) {
    EXPECT_EQ(alone.caches[i].accesses, run().caches[i].accesses);
    EXPECT_EQ(alone.caches[i].misses, run().caches[i].misses);
    EXPECT_EQ(alone.caches[i].compulsory, std::nullopt) << "nobody looked on";
  }
}

TEST(SetHeat, KeepsEverythingInHalfAsManyWindows) {
  SetHeat heat;
  SetHeat::Counts sets(4);
  Cycles now = 0;
  for (int i = 0; i < 5000; ++i) {
    now += 1'357;
    sets[i % 4].accesses += 10;
    sets[i % 4].misses += i % 4;
    heat.look(now, sets, sets);
  }
  const CacheProfile::Heat result = heat.heat();
  EXPECT_EQ(result.accesses.size(), 4 * (now / result.window + 1));
  EXPECT_LE(result.accesses.size() / 4, SetHeat::kMostWindows);
  EXPECT_GT(result.accesses.size() / 4, SetHeat::kMostWindows / 2);
  EXPECT_EQ(result.way_accesses, result.accesses);
  EXPECT_EQ(result.way_misses, result.misses);
  for (std::size_t set = 0; set < 4; ++set) {
    std::uint64_t accesses = 0, misses = 0;
    for (std::size_t i = set; i < result.accesses.size(); i += 4)
      accesses += result.accesses[i], misses += result.misses[i];
    EXPECT_EQ(accesses, sets[set].accesses);
    EXPECT_EQ(misses, sets[set].misses);
  }
}

TEST(SetHeat, AResetBeginsFromNothing) {
  SetHeat heat;
  heat.look(1'000, {{100, 10, 10}}, {{60, 6, 6}, {40, 4, 4}});
  heat.look(2'000, {{5, 1, 1}}, {{5, 1, 1}, {}});
  EXPECT_EQ(heat.heat().accesses, (std::vector<std::uint32_t>{105}));
  EXPECT_EQ(heat.heat().way_accesses, (std::vector<std::uint32_t>{65, 40}));
}

TEST(SetHeat, WaysAddUpToTheirSetsInTheWindowOfEachLook) {
  SetHeat heat;
  heat.look(SetHeat::kFirstWindow, {{8, 1, 1}}, {{8, 1, 1}, {}});
  heat.look(2 * SetHeat::kFirstWindow, {{20, 2, 2}}, {{8, 1, 1}, {12, 1, 1}});
  EXPECT_EQ(heat.heat().accesses, (std::vector<std::uint32_t>{8, 12}));
  EXPECT_EQ(heat.heat().way_accesses, (std::vector<std::uint32_t>{8, 0, 0, 12}));
  EXPECT_EQ(heat.heat().way_misses, (std::vector<std::uint32_t>{1, 0, 0, 1}));
}

TEST(SetHeat, OfManyLinesKeepsFewWindows) {
  SetHeat heat;
  const SetHeat::Counts sets(1024), ways(4096);
  for (Cycles now = 0; now < 300 * SetHeat::kFirstWindow; now += SetHeat::kFirstWindow)
    heat.look(now, sets, ways);
  EXPECT_LE(heat.heat().way_accesses.size(), SetHeat::kMostLines);
  EXPECT_GT(heat.heat().way_accesses.size(), SetHeat::kMostLines / 4);
}

}  // namespace
}  // namespace mcusim::profiler
