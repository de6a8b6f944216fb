#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/files.h"
#include "profiler/compare/comparison.h"
#include "profiler/compare/comparison_report.h"
#include "profiler/profile_file.h"
#include "sample_profile.h"

namespace mcusim::profiler {
namespace {

/// As the firmware of docs/firmware.md prints it for the sample, behind a boot message.
const std::string kLog =
    "hello\r\nmcusim-log 1\r\nnetwork: net\r\nsignature: 0123abcd\r\nmcu: stm32h743\r\n"
    "board: nucleo-h743zi\r\nclock_hz: 400000000\r\ninferences: 2\r\ninference_cycles: 80 76\r\n"
    " index  name     op       macc  cycles     ms\r\n"
    "     0  conv     CONV_2D    10      60  0.000\r\n"
    "     1  softmax  SOFTMAX     0      16  0.000\r\n"
    " total                      10      76  0.000\r\n"
    "output 0 int8 4 fnv1a 811c9dc5 : -4 2 127 0\r\nend\r\nand more\r\n";

std::string error_of(Reference (*read)(std::string_view, std::string_view), const std::string& text) {
  try {
    read(text, "b.txt");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Compare, ABoardLogGivesTheErrorOfEachLayer) {
  const Comparison result = compare(sample_profile(), read_board_log(kLog, "b.txt"));
  ASSERT_EQ(result.parts.size(), 2u);
  EXPECT_NEAR(*result.parts[0].error(), 100.0 * 4 / 60, 1e-9);
  EXPECT_NEAR(*result.parts[1].error(), -100.0 * 2 / 16, 1e-9);
  EXPECT_EQ(result.total.cost, 78);  // The log's total is that of its layers.
  EXPECT_EQ(result.total.reference, 76);
  EXPECT_NEAR(*result.mean_absolute_error, (100.0 * 4 / 60 + 12.5) / 2, 1e-9);
  EXPECT_EQ(result.worst->name, "softmax");
}

TEST(Compare, TheLimitIsOfTheTotalAndOfTheMean) {
  const Comparison result = compare(sample_profile(), read_board_log(kLog, "b.txt"));
  EXPECT_FALSE(result.exceeds(10));  // Mean 9.6 %, total 2.6 %.
  EXPECT_TRUE(result.exceeds(9));
}

TEST(Compare, ReportsLookLikeTheirGoldenFiles) {
  Profile before = sample_profile();
  before.mcu = "stm32f446";
  before.clock = 180'000'000;
  before.work.cycles = 161;
  before.layers[0].cycles = 120;
  before.layers[0].stalls = {32, 50, 38, 0};
  before.layers[1].layer.name = "tanh";
  const Comparison result = compare(sample_profile(), reference_of(before));
  EXPECT_EQ(comparison_text(result), golden("compare.txt"));
  EXPECT_EQ(comparison_json(result), golden("compare.json"));
}

TEST(Compare, AProfileWithItselfHasNoError) {
  const Comparison result = compare(sample_profile(), reference_of(sample_profile()));
  EXPECT_FALSE(result.exceeds(0));
  EXPECT_TRUE(result.stall_changes.empty());
}

TEST(Compare, WithoutLayersFunctionsAreCompared) {
  Profile before = sample_profile();
  before.layers.clear();
  Profile after = before;
  after.functions[1].self_cycles += 10;
  after.work.cycles += 10;
  const Comparison result = compare(after, reference_of(before));
  ASSERT_EQ(result.parts.size(), 4u);
  EXPECT_EQ(result.parts[1].change(), 10);
  EXPECT_EQ(result.total.change(), 10);
}

TEST(Compare, LayersOfTheSameNameAreMatchedInOrder) {
  Profile profile = sample_profile();
  for (LayerProfile& entry : profile.layers) entry.layer.name = "same";
  EXPECT_FALSE(compare(profile, reference_of(profile)).exceeds(0));
}

TEST(Compare, ACsvIsOfCyclesByIndexOrOfMillisecondsByName) {
  const Reference cycles = read_latency_csv("layer,cycles\n1,28\ntotal,101\n", "b.csv");
  const Comparison by_index = compare(sample_profile(), cycles);
  ASSERT_EQ(by_index.parts.size(), 1u);
  EXPECT_EQ(by_index.parts[0].name, "softmax");
  EXPECT_EQ(by_index.parts[0].change(), -14);
  EXPECT_EQ(by_index.total.change(), 0);
  EXPECT_EQ(by_index.only_in_profile.size(), 1u);
  const Reference times = read_latency_csv("ms,name\r\n0.00016,\"conv/Relu;conv/BiasAdd\"\r\n", "b.csv");
  const Comparison by_name = compare(sample_profile(), times);
  ASSERT_EQ(by_name.parts.size(), 1u);
  EXPECT_NEAR(by_name.parts[0].cost, 0.00016, 1e-12);  // 64 cycles at 400 MHz.
}

TEST(Compare, FilesThatAreNoMeasurementAreRefusedByOneLine) {
  EXPECT_EQ(
      error_of(read_latency_csv, "a,b\n1,2\n"),
      "b.txt: neither a profile, a board log nor a CSV; its first line has to be layer,cycles or name,ms");
  EXPECT_EQ(error_of(read_latency_csv, "layer,cycles\n0,many\n"),
            "b.txt: line 2 has no number of cycles; give one per layer");
  EXPECT_EQ(error_of(read_latency_csv, "layer,cycles\n0\n"),
            "b.txt: line 2 has no number of cycles; give one per layer");
  EXPECT_NE(error_of(read_latency_csv, "layer,cycles\n"), "");
  EXPECT_NE(error_of(read_latency_csv, ""), "");
  EXPECT_EQ(error_of(read_board_log, kLog.substr(0, kLog.find("end"))),
            "b.txt: the log ends before its line 'end'; capture the log again, from 'mcusim-log' to 'end'");
  EXPECT_NE(error_of(read_board_log, "mcusim-log 2\nend\n"), "");
  EXPECT_NE(error_of(read_board_log, "mcusim-log 1\nend\n"), "");
  const std::string row = "     0  conv     CONV_2D    10      60  0.000\r\n";
  std::string twice = kLog;
  twice.insert(twice.find(row), row);
  EXPECT_NE(error_of(read_board_log, twice).find("layer 0 is there twice"), std::string::npos);
}

TEST(Compare, TellsKindsOfFilesApart) {
  const TemporaryDirectory folder;
  write_profile(folder.path() / "a", sample_profile());
  write_file(folder.path() / "b", kLog);
  write_file(folder.path() / "c", std::string_view("layer,cycles\n0,1\n"));
  EXPECT_EQ(read_reference(folder.path() / "a").title, "net on stm32h743 at 400 MHz");
  EXPECT_EQ(read_reference(folder.path() / "b").title, "board log of net on stm32h743");
  EXPECT_EQ(read_reference(folder.path() / "c").parts.size(), 1u);
}

}  // namespace
}  // namespace mcusim::profiler
