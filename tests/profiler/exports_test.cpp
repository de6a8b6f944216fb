#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include "common/error.h"
#include "message_text.h"
#include "profiler/exports/callgrind.h"
#include "profiler/exports/folded.h"
#include "profiler/exports/html_page.h"
#include "profiler/exports/instruction_index.h"
#include "profiler/exports/junit.h"
#include "profiler/exports/lcov.h"
#include "profiler/exports/path_events.h"
#include "profiler/exports/perfetto.h"
#include "profiler/exports/pprof.h"
#include "profiler/exports/speedscope.h"
#include "profiler/profile_file.h"
#include "sample_profile.h"

namespace mcusim::profiler {
namespace {

Profile from_file() { return read_profile(MCUSIM_SOURCE_DIR "/tests/profiler/golden/sample.mcuprof"); }

/// What page.js is given; the page around it is no matter of the profile.
std::string html_data(const Profile& profile) {
  const std::string page = html_export(profile);
  const std::string begin = "<script id=\"profile\" type=\"application/json\">";
  const std::size_t from = page.find(begin) + begin.size();
  return page.substr(from, page.find("</script>", from) - from) + "\n";
}

/// The messages of the binary formats as text, because compressors differ in their bytes.
std::string pprof_text(const Profile& profile) { return text_of_pprof(pprof_export(profile)); }
std::string perfetto_text(const Profile& profile) { return text_of_perfetto(perfetto_export(profile)); }

struct Export {
  const char* golden;
  std::string (*make)(const Profile&);
};
class GoldenExport : public testing::TestWithParam<Export> {};

TEST_P(GoldenExport, OfTheSampleFileLooksLikeItsGoldenFile) {
  EXPECT_EQ(GetParam().make(from_file()), golden(GetParam().golden));
}

TEST_P(GoldenExport, OfTheProfileThatTheFileKeepsIsTheSame) {
  EXPECT_EQ(GetParam().make(sample_profile()), GetParam().make(from_file()));
}

INSTANTIATE_TEST_SUITE_P(
    Exports, GoldenExport,
    testing::Values(Export{"sample.callgrind", callgrind_export}, Export{"sample.folded", folded_export},
                    Export{"sample.html_data.json", html_data}, Export{"sample.junit.xml", junit_export},
                    Export{"sample.lcov", lcov_export}, Export{"sample.perfetto.txt", perfetto_text},
                    Export{"sample.pprof.txt", pprof_text},
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

std::uint64_t event(const PathEvents& events, std::uint32_t path, const std::string& name) {
  const auto place = std::ranges::find(events.names(), name) - events.names().begin();
  return events.inclusive(path)[static_cast<std::size_t>(place)];
}

TEST(PathEvents, AreThoseOfTheInstructionsWithAllThatIsCalled) {
  const Profile profile = sample_profile();
  const PathEvents events(profile, InstructionIndex(profile));
  EXPECT_EQ(event(events, 0, "issue"), 44u) << "main, the network and the recursion, not the handler";
  EXPECT_EQ(event(events, 1, "load_use"), 10u);
  EXPECT_EQ(event(events, 1, "l1d_misses"), 5u);
  EXPECT_EQ(event(events, 0, "l1i_misses"), 7u);
  EXPECT_EQ(event(events, 5, "branch"), 2u);
}

TEST(PathEvents, AreSharedOutAmongThePathsOfAFunctionAsItsCyclesAre) {
  const Profile profile = sample_profile();
  const PathEvents events(profile, InstructionIndex(profile));
  // net_layer_1_softmax: 8 of issue and 6 of branch in 14 cycles, on paths of 5, 5 and 4.
  EXPECT_EQ(event(events, 4, "issue"), 8u - 8 * 10 / 14);
  EXPECT_EQ(event(events, 3, "branch"), 6u - 6 * 5 / 14) << "its own and that of the path below";
  EXPECT_EQ(event(events, 2, "branch"), 6u) << "the sum of all is exact";
}

TEST(PathEvents, WithoutMissesByInstructionThereAreNone) {
  Profile profile = sample_profile();
  for (InstructionProfile& entry : profile.instructions) entry.misses.clear();
  const PathEvents events(profile, InstructionIndex(profile));
  EXPECT_EQ(events.names(), profile.stall_causes);
}

TEST(LcovExport, LinesAndFunctionsThatNeverRanCountZero) {
  const std::string text = lcov_export(sample_profile());
  EXPECT_NE(text.find("SF:src/never.c\nFN:3,never\nFNDA:0,never\nFNF:1\nFNH:0\nDA:3,0\nDA:4,0\nLF:2\nLH:0\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("DA:12,0\nDA:13,0\nLF:6\nLH:4\n"), std::string::npos) << text;
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
  // softmax calls itself twice; the inner call of 4 cycles is inside the outer one of 9. It misses nowhere.
  EXPECT_NE(text.find("calls=2 0x8000480 2\n0x8000482 3 9 5 6 0 4 0 0 0 0\n"), std::string::npos) << text;
  EXPECT_NE(text.find("calls=1 0x8000480 2\n0x8000406 7 14 8 8 0 6 0 0 0 0\n"), std::string::npos) << text;
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

/// How often `word` occurs in `text`.
std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

TEST(HtmlExport, NoNameCanEndTheElementOfTheData) {
  const std::string harmless = html_export(sample_profile());
  Profile profile = sample_profile();
  for (const std::string name : {"</script><script>alert(1)</script>", "<!--<script>", "@SCRIPT@", "]]>"}) {
    profile.file = profile.mcu = profile.stop_function = name;
    profile.functions[0].name = profile.layers[0].layer.name = profile.instructions[0].text = name;
    profile.source_places[0].at.file = profile.memory.regions[0].span.name = profile.warnings[0] = name;
    const std::string page = html_export(profile);
    for (const char* tag : {"<script", "</script", "<!--"})
      EXPECT_EQ(count_of(page, tag), count_of(harmless, tag)) << name;
    const auto json = nlohmann::json::parse(html_data(profile));
    EXPECT_EQ(json["functions"][0]["name"], name);
  }
}

TEST(HtmlExport, LoadsNothing) {
  const std::string page = html_export(sample_profile());
  for (const char* what : {"http://", "https://", "src=", "@import", "url(", "fetch(", "XMLHttpRequest"})
    EXPECT_EQ(page.find(what), std::string::npos) << what;
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST(HtmlExport, ALongTimelineKeepsItsLongestSlices) {
  Profile profile = sample_profile();
  profile.timeline.slices.clear();
  for (Cycles i = 0; i < 50'000; ++i)
    profile.timeline.slices.push_back({Slice::Kind::function, 0, 0, 0, 1000 * i, 1000 * i + 10 + i % 100});
  const auto line = nlohmann::json::parse(html_data(profile))["timeline"];
  EXPECT_EQ(line["slices"]["begin"].size(), 20'000u);
  EXPECT_EQ(line["shortest"], 70);
}

TEST(PprofExport, SamplesAddUpToTheInference) {
  const std::string text = pprof_text(sample_profile());
  // Of main, the layer, three activations of the recursion and the handler.
  EXPECT_EQ(count_of(text, "sample {"), 6u) << text;
}

TEST(PerfettoExport, EndsEverySliceThatItBegins) {
  const std::string text = perfetto_text(sample_profile());
  EXPECT_EQ(count_of(text, "TYPE_SLICE_BEGIN"), sample_profile().timeline.slices.size());
  EXPECT_EQ(count_of(text, "TYPE_SLICE_END"), sample_profile().timeline.slices.size());
}

TEST(JunitExport, ABrokenLimitAndAFaultAreFailures) {
  EXPECT_NE(junit_export(sample_profile()).find("failures=\"1\""), std::string::npos);
  Profile profile = sample_profile();
  profile.limits.clear();
  EXPECT_NE(junit_export(profile).find("failures=\"0\""), std::string::npos);
  profile.stop.reason = emulator::StopReason::fault;
  EXPECT_NE(junit_export(profile).find("failures=\"1\""), std::string::npos);
}

TEST(JunitExport, NamesAreText) {
  Profile profile = sample_profile();
  profile.layers[0].layer.name = "\"/><failure>\x01\xff&";
  EXPECT_NE(junit_export(profile).find("name=\"0 &quot;/&gt;&lt;failure&gt;??&amp;\""), std::string::npos);
}

TEST(JunitExport, ACheckThatFoundAWrongAccessIsAFailureThatListsIt) {
  Profile profile = sample_profile();
  profile.checks = {
      {"uninit",
       {{0x08000412, {"main", "main.c", 7}, false, 0x20000004, 4, 4, "a<b>", 4, "never written", 12}},
       2,
       13}};
  const std::string text = junit_export(profile);
  EXPECT_NE(text.find("tests=\"6\" failures=\"2\""), std::string::npos) << text;
  EXPECT_NE(text.find("<testcase classname=\"check\" name=\"uninit\" time=\"0.000000\">\n"
                      "      <failure message=\"2 instructions, 13 accesses\">"
                      "reads 4 B at 0x20000004 (a&lt;b&gt;+4), never written: "
                      "0x08000412 in main (main.c:7), 12 times\nand 1 more instruction\n</failure>\n"),
            std::string::npos)
      << text;
}

TEST(JunitExport, ACheckThatFoundPartlyWrongAccessesTellsThemAndPasses) {
  Profile profile = sample_profile();
  profile.checks = {{"uninit", {{0x08000412, {}, false, 0x20000004, 4, 3, "", 0, "never written", 1}}, 1, 1},
                    {"tensors", {}, 0, 0}};
  const std::string text = junit_export(profile);
  EXPECT_NE(text.find("tests=\"7\" failures=\"1\""), std::string::npos) << text;
  EXPECT_NE(text.find("<system-out>reads 4 B at 0x20000004, 3 B of them never written: 0x08000412, once\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("<testcase classname=\"check\" name=\"tensors\" time=\"0.000000\"/>"),
            std::string::npos)
      << text;
}

TEST(Exports, WithoutCallsAreRefusedByOneLine) {
  Profile profile = sample_profile();
  profile.functions.clear();
  profile.call_paths.clear();
  profile.instructions.clear();
  for (const auto make : {folded_export, speedscope_export, callgrind_export, pprof_export}) {
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
