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

class Caches : public ::testing::TestWithParam<const char*> {};

TEST_P(Caches, AreWatchedWithoutChangingACycleAndEveryMissHasAClassASymbolAndAFunction) {
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
