#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command.h"
#include "common/files.h"

// --caches: who misses in which cache, and why.
namespace mcusim::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::string kModel = MCUSIM_SOURCE_DIR "/examples/saline/saline_int8.tflite";

Json report(const fs::path& folder, const std::string& mcu, bool caches) {
  std::vector<std::string> arguments = {"run", kModel, "--mcu", mcu, "--timing", "full", "--json", "r.json"};
  if (caches) arguments.push_back("--caches");
  const Outcome outcome = mcusim(arguments, folder);
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  const auto content = read_file(folder / "r.json");
  return Json::parse(content.begin(), content.end());
}

std::uint64_t sum(const Json& entries, const char* of) {
  std::uint64_t sum = 0;
  for (const Json& entry : entries) sum += entry[of].get<std::uint64_t>();
  return sum;
}

/// Each set did as much as its ways together; here nothing passes a cache by.
void expect_ways_to_add_up(const Json& cache, const std::string& name) {
  const Json& sets = cache["sets"];
  const auto ways = sets["ways"].get<std::size_t>();
  for (const char* of : {"accesses", "misses"}) {
    const auto by_set = sets[of].get<std::vector<std::uint64_t>>();
    const auto by_way = sets[std::string("way_") + of].get<std::vector<std::uint64_t>>();
    ASSERT_EQ(by_way.size(), by_set.size() * ways) << name;
    std::uint64_t all = 0;
    for (std::size_t set = 0; set < by_set.size(); ++set) {
      std::uint64_t sum = 0;
      for (std::size_t way = 0; way < ways; ++way) sum += by_way[set * ways + way];
      EXPECT_EQ(sum, by_set[set]) << name << ", " << of << " of set " << set;
      all += sum;
    }
    EXPECT_EQ(all, cache[of].get<std::uint64_t>()) << name;
  }
}

class Caches : public ::testing::TestWithParam<const char*> {};

TEST_P(Caches, AreWatchedWithoutChangingACycleAndEveryMissHasAClassASymbolAFunctionAndAWay) {
  const TemporaryDirectory folder;
  const Json plain = report(folder.path(), GetParam(), false),
             watched = report(folder.path(), GetParam(), true);
  EXPECT_EQ(plain["cycles"], watched["cycles"]);
  EXPECT_EQ(plain["stalls"], watched["stalls"]);
  std::uint64_t misses = 0;
  for (const auto& [name, cache] : watched["caches"].items()) {
    EXPECT_EQ(cache["accesses"], plain["caches"][name]["accesses"]) << name;
    EXPECT_EQ(cache["misses"], plain["caches"][name]["misses"]) << name;
    EXPECT_TRUE(plain["caches"][name]["compulsory"].is_null()) << name;
    const auto all = cache["misses"].get<std::uint64_t>();
    std::uint64_t by_class = 0;
    for (const char* of : {"compulsory", "capacity", "conflict"}) by_class += cache[of].get<std::uint64_t>();
    EXPECT_EQ(by_class, all) << name;
    EXPECT_EQ(sum(cache["symbols"], "misses"), all) << name;
    EXPECT_EQ(sum(cache["symbols"], "accesses"), cache["accesses"].get<std::uint64_t>()) << name;
    EXPECT_EQ(sum(cache["functions"], "misses"), all) << name;
    expect_ways_to_add_up(cache, name);
    misses += all;
  }
  EXPECT_GT(misses, 0u) << "otherwise nothing was compared";
}

INSTANTIATE_TEST_SUITE_P(Parts, Caches, ::testing::Values("stm32h743", "stm32l4r5", "stm32u575", "spc58ec80"),
                         [](const auto& part) { return std::string(part.param); });

TEST(CachesOption, NeedsAPlaceToGo) {
  const TemporaryDirectory folder;
  const Outcome outcome = mcusim({"run", kModel, "--mcu", "stm32h743", "--caches"}, folder.path());
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.errors.find("--caches: has no place to go; add --profile FILE.mcuprof or --json FILE"),
            std::string::npos)
      << outcome.errors;
}

}  // namespace
}  // namespace mcusim::test
