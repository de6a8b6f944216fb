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
  std::vector<emulator::CacheWatch::SetCounts> sets(4);
  Cycles now = 0;
  for (int i = 0; i < 5000; ++i) {
    now += 1'357;
    sets[i % 4].accesses += 10;
    sets[i % 4].misses += i % 4;
    heat.look(now, sets);
  }
  const CacheProfile::Heat result = heat.heat();
  EXPECT_EQ(result.accesses.size(), 4 * (now / result.window + 1));
  EXPECT_LE(result.accesses.size() / 4, SetHeat::kMostWindows);
  EXPECT_GT(result.accesses.size() / 4, SetHeat::kMostWindows / 2);
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
  heat.look(1'000, {{100, 10, 10}});
  heat.look(2'000, {{5, 1, 1}});
  EXPECT_EQ(heat.heat().accesses, (std::vector<std::uint32_t>{105}));
}

}  // namespace
}  // namespace mcusim::profiler
