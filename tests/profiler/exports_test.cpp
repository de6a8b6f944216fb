#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include "common/error.h"
#include "profiler/exports/callgrind.h"
#include "profiler/exports/folded.h"
#include "profiler/exports/speedscope.h"
#include "profiler/profile_file.h"
#include "sample_profile.h"

namespace mcusim::profiler {
namespace {

Profile from_file() { return read_profile(MCUSIM_SOURCE_DIR "/tests/profiler/golden/sample.mcuprof"); }

struct Export {
  const char* golden;
  std::string (*make)(const Profile&);
};
class TextExport : public testing::TestWithParam<Export> {};

TEST_P(TextExport, OfTheSampleFileLooksLikeItsGoldenFile) {
  EXPECT_EQ(GetParam().make(from_file()), golden(GetParam().golden));
}

TEST_P(TextExport, OfTheSameProfileHasTheSameBytes) {
  EXPECT_EQ(GetParam().make(sample_profile()), GetParam().make(from_file()));
}

INSTANTIATE_TEST_SUITE_P(Exports, TextExport,
                         testing::Values(Export{"sample.callgrind", callgrind_export},
                                         Export{"sample.folded", folded_export},
                                         Export{"sample.speedscope.json", speedscope_export}),
                         [](const auto& test) {
                           const std::string name = test.param.golden + sizeof("sample");
                           return name.substr(0, name.find('.'));
                         });

/// `text` of a folded export: the sum of its numbers.
Cycles folded_sum(const std::string& text) {
  std::istringstream lines(text);
  Cycles sum = 0;
  for (std::string line; std::getline(lines, line);) sum += std::stoull(line.substr(line.rfind(' ') + 1));
  return sum;
}

/// `levels` activations of one function, one below the other.
Profile deep_recursion(std::uint32_t levels) {
  Profile profile = sample_profile();
  profile.call_paths.clear();
  for (std::uint32_t i = 0; i < levels; ++i)
    profile.call_paths.push_back({i == 0 ? CallPath::kRoot : i - 1, 2, 0x08000486, 1, 10, 3});
  return profile;
}

TEST(FoldedExport, AddsUpToTheInference) {
  EXPECT_EQ(folded_sum(folded_export(sample_profile())), sample_profile().work.cycles);
}

TEST(FoldedExport, ANameCannotMakeStacksOrLines) {
  Profile profile = sample_profile();
  profile.functions[0].name = "a;b\nc 5";
  EXPECT_TRUE(folded_export(profile).starts_with("a:b c 5 7\na:b c 5;net_layer_0_conv 64\n"))
      << folded_export(profile);
}

TEST(FoldedExport, OfDeepRecursionIsBoundedAndComplete) {
  const std::string text = folded_export(deep_recursion(20'000));
  EXPECT_EQ(folded_sum(text), 200'000u);
  EXPECT_LT(text.size(), 20'000u * 256 * 21);
}

TEST(SpeedscopeExport, WeightsAddUpToTheInference) {
  const auto json = nlohmann::json::parse(speedscope_export(sample_profile()));
  const auto weights = json["profiles"][0]["weights"].get<std::vector<Cycles>>();
  EXPECT_EQ(std::accumulate(weights.begin(), weights.end(), Cycles{0}), sample_profile().work.cycles);
  EXPECT_EQ(json["profiles"][0]["endValue"], sample_profile().work.cycles);
}

TEST(SpeedscopeExport, TakesNamesThatAreNoUtf8) {
  Profile profile = sample_profile();
  profile.functions[0].name = "\xff\"";
  EXPECT_NO_THROW(nlohmann::json::parse(speedscope_export(profile)));
}

TEST(CallgrindExport, OfARecursionCountsTheOutermostCallOnly) {
  const std::string text = callgrind_export(sample_profile());
  // softmax calls itself twice; the inner call of 4 cycles is inside the outer one of 9.
  EXPECT_NE(text.find("calls=2 0x8000480 2\n0x8000482 3 9 5\n"), std::string::npos) << text;
  EXPECT_NE(text.find("calls=1 0x8000480 2\n0x8000406 7 14 8\n"), std::string::npos) << text;
}

TEST(CallgrindExport, WithoutInstructionsStillAddsUp) {
  Profile profile = sample_profile();
  profile.instructions.clear();
  const std::string text = callgrind_export(profile);
  EXPECT_NE(text.find("\nsummary: 101 46 46 13 30 12\n"), std::string::npos) << text;
}

TEST(CallgrindExport, ACallThatWasOpenBeforeIsACall) {
  Profile profile = sample_profile();
  profile.call_paths[1].calls = 0;
  EXPECT_EQ(callgrind_export(profile), callgrind_export(sample_profile()));
}

TEST(CallgrindExport, ANameCannotMakeLines) {
  Profile profile = sample_profile();
  profile.functions[0].name = "a\nfn=b";
  EXPECT_EQ(callgrind_export(profile).find("\nfn=b"), std::string::npos);
}

TEST(Exports, WithoutCallsAreRefusedByOneLine) {
  Profile profile = sample_profile();
  profile.functions.clear();
  profile.call_paths.clear();
  profile.instructions.clear();
  for (const auto make : {folded_export, speedscope_export, callgrind_export}) {
    try {
      make(profile);
      ADD_FAILURE() << "an export of nothing";
    } catch (const InputError& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with("net.elf: its profile has no calls")) << error.what();
    }
  }
}

}  // namespace
}  // namespace mcusim::profiler
