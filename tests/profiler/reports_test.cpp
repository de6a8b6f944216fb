#include <gtest/gtest.h>

#include "profiler/reports/fault_report.h"
#include "profiler/reports/json_report.h"
#include "profiler/reports/markdown_report.h"
#include "profiler/reports/stall_report.h"
#include "profiler/reports/text_report.h"
#include "sample_profile.h"

namespace mcusim::profiler {
namespace {

Profile sample() {
  Profile profile;
  profile.file = "net.elf";
  profile.network = "net";
  profile.mcu = "stm32h743";
  profile.board = "nucleo-h743zi";
  profile.core = "cortex-m7";
  profile.engine = "unicorn";
  profile.timing = "table";
  profile.skipped_known = false;
  profile.clock = 400'000'000;
  profile.stall_causes.assign(emulator::kStallCauseNames.begin(), emulator::kStallCauseNames.end());
  profile.host_seconds = 0.5;
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
  profile.layers = {{conv, 3'000'000, 2'000'000, {}}, {softmax, 1'000'000, 900'000, {}}};
  profile.memory = {40'960, 2 << 20, 12'345, 1 << 20, 512, 4096, 0};
  profile.not_modelled = {"RNG at 0x48021800"};
  profile.warnings = {"the cycle counter would stand still"};
  return profile;
}

TEST(TextReport, LooksLikeItsGoldenFile) { EXPECT_EQ(text_report(sample()), golden("report.txt")); }

TEST(JsonReport, LooksLikeItsGoldenFile) { EXPECT_EQ(json_report(sample()), golden("report.json")); }

CyclesByCause stalls_of(std::initializer_list<std::pair<emulator::StallCause, Cycles>> causes) {
  CyclesByCause stalls(emulator::kStallCauseNames.size());
  for (const auto& [cause, cycles] : causes) stalls[static_cast<std::size_t>(cause)] = cycles;
  return stalls;
}

TEST(StallReport, ShowsTheLargestCausesOfEachLayerAndTheRestAsOthers) {
  using emulator::StallCause;
  Profile profile = sample();
  profile.layers[0].stalls = stalls_of({{StallCause::issue, 2'000'000},
                                        {StallCause::load_use, 900'000},
                                        {StallCause::branch, 70'000},
                                        {StallCause::bus, 20'000},
                                        {StallCause::system, 10'000}});
  profile.layers[1].stalls = stalls_of({{StallCause::fpu, 400'000}, {StallCause::flash_data, 600'000}});
  profile.stalls = stalls_of({{StallCause::issue, 4'000'100}});
  EXPECT_EQ(stall_report(profile), golden("stalls.txt"));
  EXPECT_NE(text_report(profile).find("\n\n" + golden("stalls.txt") + "\ninferences"), std::string::npos);
}

TEST(StallReport, WithoutANetworkHasTheWholeRunOnly) {
  Profile profile = sample();
  profile.layers.clear();
  profile.inference_cycles.clear();
  profile.stalls = stalls_of({{emulator::StallCause::issue, 7}, {emulator::StallCause::sleep, 3}});
  EXPECT_EQ(stall_report(profile), "layer  cycles  spent on, in %\ntotal      10  issue 70.0, sleep 30.0\n");
}

TEST(StallReport, IsEmptyWhenTheTimingDoesNotTell) { EXPECT_EQ(stall_report(sample()), ""); }

TEST(TextReport, WithoutANetworkShowsTheWholeRunOnly) {
  Profile profile = sample();
  profile.network.reset();
  profile.layers.clear();
  profile.inference_cycles.clear();
  profile.work = profile.run;
  const std::string text = text_report(profile);
  EXPECT_EQ(text.find("inference"), std::string::npos) << text;
  EXPECT_NE(text.find("whole run    9,000,000 cycles"), std::string::npos) << text;
}

/// `sample()` that faulted in an interrupt handler, below the limit of its stack.
Profile faulted() {
  Profile profile = sample();
  profile.stop = {emulator::StopReason::fault, 0x08000200, 0, "BusFault", emulator::FaultRecord{}};
  emulator::FaultRecord& fault = *profile.stop.fault;
  fault.exception = "BusFault";
  fault.cause = "write to 0x70000000, where nothing is";
  fault.pc = 0x08000048;
  fault.interrupted = "SysTick";
  fault.escalated = true;
  fault.cfsr = 0x8200;
  fault.hfsr = 1u << 30;
  fault.bfar = 0x70000000;
  const emulator::SourceLocation store{{"store", "/home/me/fault.c", 7},
                                       {{"copy", "/home/me/copy.h", 3}, {"tick", "/home/me/fault.c", 30}}};
  profile.stop_source = store;
  profile.stop_function = "tick";
  profile.call_chain = {
      {0x08000200, 0x20000760, emulator::FrameOrigin::stop, {{{"HardFault_Handler", "fault.c", 20}, {}}}},
      {0x08000048, 0x20000780, emulator::FrameOrigin::exception, store},
      {0x08000104, 0x20000788, emulator::FrameOrigin::guess, {{{"memcpy", "", 0}, {}}}},
      {0x08000300, 0x200007f0, emulator::FrameOrigin::table, std::nullopt}};
  profile.stack = {0x20000780, "MSP", true, 0x20000800};
  return profile;
}

TEST(FaultReport, LooksLikeItsGoldenFile) { EXPECT_EQ(fault_report(faulted()), golden("fault.txt")); }

TEST(FaultReport, AStackWithoutMemoryIsCalledAnOverflow) {
  Profile profile = faulted();
  profile.stack = {0x1ffffff0, "PSP", false, std::nullopt};
  EXPECT_NE(fault_report(profile).find("sp 0x1ffffff0 (PSP), where no memory is: overflow"),
            std::string::npos);
}

TEST(FaultReport, OfTheLimitOnlyTheInnermostFramesAreShown) {
  Profile profile = sample();
  profile.stop = {emulator::StopReason::cycle_limit, 0x08000412, 0, ""};
  profile.call_chain.assign(20, {0x08000412, 0x20000780, emulator::FrameOrigin::table, std::nullopt});
  const std::string text = fault_report(profile);
  EXPECT_TRUE(text.starts_with("net.elf: cycle_limit at 0x08000412 in main\n  call chain:\n")) << text;
  EXPECT_NE(text.find("    #1 to #7 the same\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("    ... and 12 more\n")) << text;
}

TEST(JsonReport, OfAFaultNamesTheInstructionThatFaulted) {
  const std::string text = json_report(faulted());
  EXPECT_NE(text.find("\"pc\": \"0x08000048\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"origin\": \"exception\""), std::string::npos) << text;
}

TEST(MarkdownReport, ListsWhatChecksFound) {
  Profile profile = sample();
  profile.checks = {
      {"uninit",
       {{0x08000412, {"read_all", "main.c", 7}, false, 0x20000004, 4, 4, "a|b", 4, "never written", 1}},
       1,
       1},
      {"tensors", {}, 0, 0}};
  const std::string text = markdown_report(profile);
  EXPECT_NE(text.find("\nCheck uninit: 1 instruction, 1 access\n\n"
                      "* reads 4 B at 0x20000004 (a\\|b+4), never written: "
                      "0x08000412 in read\\_all (main.c:7), once\n\nCheck tensors: nothing found\n"),
            std::string::npos)
      << text;
}

TEST(TextReport, UnknownPeaksAreSaidAndNotShownAsZero) {
  Profile profile = sample();
  profile.memory.stack_peak.reset();
  profile.memory.heap_peak.reset();
  const std::string text = text_report(profile);
  EXPECT_NE(text.find("stack peak   unknown"), std::string::npos) << text;
  EXPECT_NE(text.find("heap peak    unknown"), std::string::npos) << text;
}

}  // namespace
}  // namespace mcusim::profiler
