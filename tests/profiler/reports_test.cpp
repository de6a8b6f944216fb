#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "profiler/reports/json_report.h"
#include "profiler/reports/text_report.h"

namespace mcusim::profiler {
namespace {

RunProfile sample() {
  RunProfile profile;
  profile.file = "net.elf";
  profile.network = "net";
  profile.mcu = "stm32h743";
  profile.board = "nucleo-h743zi";
  profile.core = "cortex-m7";
  profile.engine = "unicorn";
  profile.timing = "table";
  profile.skipped_known = false;
  profile.clock = 400'000'000;
  profile.stop = {emulator::StopReason::self_branch, 0x08000412, 0, ""};
  profile.stop_function = "main";
  profile.work = {3'000'000, 0, 4'000'100};
  profile.run = {7'000'000, 0, 9'000'000};
  profile.run_seconds = 0.0225;
  profile.inference_cycles = {4'000'200, 4'000'100};
  NoteLayer conv{0,         "conv/Relu;conv/BiasAdd", "CONV_2D", {{1, 8, 8, 3}}, {1, 8, 8, 4},
                 1'000'000, "net_layer_0_conv_2d"};
  NoteLayer softmax{1,  "a/name/that/is/long/enough/to/be/cut/in/the/middle", "SOFTMAX", {{1, 4}}, {1, 4}, 0,
                    "f"};
  profile.layers = {{conv, 3'000'000, 2'000'000}, {softmax, 1'000'000, 900'000}};
  profile.memory = {40'960, 2 << 20, 12'345, 1 << 20, 512, 4096, 0};
  profile.not_modelled = {"RNG at 0x48021800"};
  return profile;
}

/// The golden file beside this test.
std::string golden(const std::string& name) {
  std::ifstream stream(std::string(MCUSIM_SOURCE_DIR "/tests/profiler/golden/") + name);
  std::stringstream content;
  content << stream.rdbuf();
  return content.str();
}

TEST(TextReport, LooksLikeItsGoldenFile) { EXPECT_EQ(text_report(sample()), golden("report.txt")); }

TEST(JsonReport, LooksLikeItsGoldenFile) { EXPECT_EQ(json_report(sample()), golden("report.json")); }

TEST(TextReport, WithoutANetworkShowsTheWholeRunOnly) {
  RunProfile profile = sample();
  profile.network.reset();
  profile.layers.clear();
  profile.inference_cycles.clear();
  profile.work = profile.run;
  const std::string text = text_report(profile);
  EXPECT_EQ(text.find("inference"), std::string::npos) << text;
  EXPECT_NE(text.find("whole run    9,000,000 cycles"), std::string::npos) << text;
}

TEST(TextReport, UnknownPeaksAreSaidAndNotShownAsZero) {
  RunProfile profile = sample();
  profile.memory.stack_peak.reset();
  profile.memory.heap_peak.reset();
  const std::string text = text_report(profile);
  EXPECT_NE(text.find("stack peak   unknown"), std::string::npos) << text;
  EXPECT_NE(text.find("heap peak    unknown"), std::string::npos) << text;
}

}  // namespace
}  // namespace mcusim::profiler
