#include "profiler/profile_file.h"
#include "profiler/exports/callgrind.h"
#include "profiler/exports/lcov.h"

#include <gtest/gtest.h>

#include <random>

#include "common/error.h"
#include "common/files.h"
#include "profiler/reports/fault_report.h"
#include "profiler/reports/io_report.h"
#include "profiler/reports/json_report.h"
#include "profiler/reports/text_report.h"

namespace mcusim::profiler {
namespace {

/// Every field holds something that is not its default.
Profile full_profile() {
  Profile profile;
  profile.file = "net.elf";
  profile.mcu = "stm32h743";
  profile.board = "nucleo-h743zi";
  profile.core = "cortex-m7";
  profile.engine = "native";
  profile.timing = "full";
  profile.clock = 400'000'000;
  profile.stop = {emulator::StopReason::fault, 0x08000412, 3, "BusFault", emulator::FaultRecord{}};
  emulator::FaultRecord& fault = *profile.stop.fault;
  fault.exception = "BusFault";
  fault.cause = "write to 0x70000000, where nothing is";
  fault.pc = 0x08000048;
  fault.interrupted = "SysTick";
  fault.escalated = true;
  fault.lockup = true;
  fault.cfsr = 0x8200;
  fault.bfar = 0x70000000;
  profile.stop_function = "tick";
  const emulator::SourceLocation place{{"store", "fault.c", 7},
                                       {{"copy", "copy.h", 3}, {"tick", "fault.c", 30}}};
  profile.stop_source = place;
  profile.call_chain = {{0x08000200, 0x20000760, emulator::FrameOrigin::guess, place},
                        {0x08000300, 0x200007f0, emulator::FrameOrigin::table, std::nullopt}};
  profile.stack = {0x20000780, "PSP", false, 0x20000800};
  profile.network = "net";
  profile.work = {3'000'000, 17, 4'000'100};
  profile.run = {7'000'000, 21, 9'000'000};
  profile.run_seconds = 0.0225;
  profile.stall_causes = {"issue", "bus"};
  profile.stalls = {3'000'000, 1'000'100};
  profile.inference_cycles = {4'000'200, 4'000'100};
  profile.layers = {{{0, "conv", "CONV_2D", {{1, 8, 8, 3}}, {1, 8, 8, 4}, 1'000, "f"}, 70, 60, {40, 30}}};
  profile.functions = {{"main", 0x08000400, 64, "main.c", 5, false, 1, 30, 100, 20, 60, 32},
                       {"f", 0x08000440, 16, "f.c", 9, true, 2, 70, 70, 40, 40, std::nullopt}};
  profile.call_paths = {{CallPath::kRoot, 0, 0, 1, 30, 20}, {0, 1, 0x08000410, 2, 70, 40}};
  profile.instructions = {{0x08000400, 2, 5, 9, {5, 4}, "push {r4, lr}", 0},
                          {0x08000402, 4, 5, 5, {5, 0}, "bl #0x8000440", InstructionProfile::kNoPlace}};
  profile.source_places = {place};
  profile.timeline.tracks = {"main", "interrupts"};
  profile.timeline.slices = {{Slice::Kind::function, 1, 0, 0, 10, 80}, {Slice::Kind::layer, 0, 1, 1, 20, 70}};
  profile.timeline.shortest_slice = 8;
  profile.timeline.window_cycles = 64;
  profile.timeline.windows = {{30, 16, 8, 3, std::nullopt}, {20, std::nullopt, 8, 3, std::nullopt}};
  profile.caches = {
      {"l1d", 100, 9, 4, 3, 2, 1, {4, 5}, {{"table", 50, 7, emulator::MissClasses{4, 2, 1}, 3}}}};
  CacheProfile& cache = profile.caches[0];
  cache.ways = 4;
  cache.line = 32;
  cache.set_accesses = {60, 40};
  cache.set_fills = {4, 4};
  cache.functions = {{"f", 0, 9, emulator::MissClasses{4, 3, 2}, 1}};
  cache.conflicts = {{"table", "(stack)", 2, {0, 1}}};
  cache.way_accesses = {30, 10, 10, 10, 40, 0, 0, 0};
  cache.way_misses = {1, 1, 1, 1, 5, 0, 0, 0};
  cache.way_fills = {1, 1, 1, 1, 4, 0, 0, 0};
  cache.heat = {8192, {30, 20, 30, 20}, {4, 5, 0, 0}};
  cache.heat.way_accesses = {15, 5, 5, 5, 20, 0, 0, 0, 15, 5, 5, 5, 20, 0, 0, 0};
  cache.heat.way_misses = {1, 1, 1, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  profile.layers[0].caches = {{"l1d", 70, 5, std::nullopt, 2}};
  profile.instructions[0].misses = {6};
  profile.instructions[1].misses = {3};
  profile.source_files = {{"main.c", {5, 6, 9}, {{"idle", 9}}}};
  profile.allocations = {{0x08000414, 0, 3, 96, 1, 32}};
  profile.stacks = {{"main", 0x20001000, 96, 0x20000800}, {"thread 2", 0x20002000, 32, std::nullopt}};
  profile.segments = {{".text", 0x08000000, 4096}};
  profile.symbols = {{"main", 0x08000400, 64, true}, {"table", 0x20000000, 16, false}};
  profile.memory = {40'960, 2 << 20, 12'345, 1 << 20, 512, 4096, 96};
  MemoryRegionUse& region = profile.memory.regions.emplace_back();
  region.span = {"sram", 0x20000000, 1 << 16};
  region.kind = "ram";
  region.used = 9;
  region.peak = 99;
  profile.not_modelled = {"RNG at 0x48021800"};
  profile.warnings = {"the cycle counter would stand still"};
  profile.layers[0].layer.inputs = {0};
  profile.layers[0].layer.outputs = {1};
  const AddressSpan in{"in", 0x20000000, 192}, out{"out", 0x200000c0, 256};
  profile.activations.push_back({in, "int8", {1, 8, 8, 3}, -1, 0});
  profile.activations.push_back({out, "int8", {1, 8, 8, 4}, 0, 1});
  profile.trace = {100,
                   321,
                   {{TracedStep::Kind::issued, 0x08000400, 3, {{0, 1}, {1, 2}}},
                    {TracedStep::Kind::suppressed, 0x08000402, 0, {}},
                    {TracedStep::Kind::exception, 0x08000404, 12, {{1, 12}}}},
                   {{0x08000400, 2, "push {r4, lr}"}, {0x08000402, 4, "bl #0x8000440"}, {0x08000404, 0, ""}}};
  profile.running = RunningState{0};
  profile.limits = {{"stack=9", ""}, {"cycles=1", "limit cycles=1 broken: 4000100 cycles"}};
  profile.checks = {
      {"uninit",
       {{0x08000412, {"main", "main.c", 7}, false, 0x20000004, 4, 3, "table", 4, "never written", 12}},
       2,
       13},
      {"tensors", {}, 0, 0}};
  profile.recorded = {{1,
                       {{"in", {DataType::int16, {1, 2}, {1, 0, 0xfe, 0xff}}}},
                       {{"out", {DataType::float32, {}, {0, 0, 0x20, 0xc1}}}}}};
  return profile;
}

std::string error_of(std::span<const std::uint8_t> bytes) {
  try {
    from_bytes(bytes, "x.mcuprof");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(ProfileFile, KeepsEveryField) {
  const Profile before = full_profile();
  const std::vector<std::uint8_t> bytes = to_bytes(before);
  const Profile after = from_bytes(bytes, "x");
  EXPECT_EQ(to_bytes(after), bytes);
  EXPECT_EQ(json_report(after), json_report(before));
  EXPECT_EQ(text_report(after), text_report(before));
  EXPECT_EQ(fault_report(after), fault_report(before));
  EXPECT_EQ(after.call_paths[1].call_site, 0x08000410u);
  EXPECT_EQ(after.instructions[0].stalls, (CyclesByCause{5, 4}));
  EXPECT_EQ(after.instructions[1].text, "bl #0x8000440");
  EXPECT_EQ(after.source_places[0].inlined_into[1].line, 30u);
  EXPECT_EQ(after.timeline.slices[1].end, 70u);
  EXPECT_EQ(after.timeline.windows[1].stack, std::nullopt);
  EXPECT_EQ(after.timeline.windows[1].heap, 8u);
  EXPECT_EQ(after.caches[0].symbols[0].misses, 7u);
  EXPECT_EQ(after.caches[0].symbols[0].classes->capacity, 2u);
  EXPECT_EQ(after.caches[0].symbols[0].writebacks, 3u);
  EXPECT_EQ(after.caches[0].ways, 4u);
  EXPECT_EQ(after.caches[0].line, 32u);
  EXPECT_EQ(after.caches[0].set_accesses, (std::vector<std::uint64_t>{60, 40}));
  EXPECT_EQ(after.caches[0].set_fills, (std::vector<std::uint64_t>{4, 4}));
  EXPECT_EQ(after.caches[0].way_accesses, before.caches[0].way_accesses);
  EXPECT_EQ(after.caches[0].way_misses, before.caches[0].way_misses);
  EXPECT_EQ(after.caches[0].way_fills, before.caches[0].way_fills);
  EXPECT_EQ(after.caches[0].heat.way_accesses, before.caches[0].heat.way_accesses);
  EXPECT_EQ(after.caches[0].heat.way_misses, before.caches[0].heat.way_misses);
  EXPECT_EQ(after.caches[0].functions[0].name, "f");
  EXPECT_EQ(after.caches[0].conflicts[0].by, "(stack)");
  EXPECT_EQ(after.caches[0].conflicts[0].sets, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(after.caches[0].heat.window, 8192u);
  EXPECT_EQ(after.caches[0].heat.misses, (std::vector<std::uint32_t>{4, 5, 0, 0}));
  EXPECT_EQ(after.layers[0].caches[0].accesses, 70u);
  EXPECT_EQ(after.layers[0].caches[0].classes, std::nullopt);
  EXPECT_EQ(after.instructions[1].misses, (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(after.source_files[0].lines, (std::vector<std::uint32_t>{5, 6, 9}));
  EXPECT_EQ(after.source_files[0].idle[0].line, 9u);
  EXPECT_EQ(after.stacks[0].limit, 0x20000800u);
  EXPECT_EQ(after.memory.regions[0].peak, 99u);
  EXPECT_EQ(after.limits[1].failure, before.limits[1].failure);
  EXPECT_EQ(after.activations[1].span.begin, 0x200000c0u);
  EXPECT_EQ(after.activations[0].first, -1);
  EXPECT_EQ(after.layers[0].layer.outputs, std::vector<std::uint32_t>{1});
  ASSERT_TRUE(after.running);
  EXPECT_EQ(after.running->layer, 0u);
  EXPECT_EQ(after.trace.steps[0].spent[1].cycles, 2u);
  EXPECT_EQ(after.trace.steps[2].kind, TracedStep::Kind::exception);
  EXPECT_EQ(after.trace.code[1].text, "bl #0x8000440");
  ASSERT_EQ(after.checks.size(), 2u);
  EXPECT_EQ(after.checks[0].places, 2u);
  EXPECT_EQ(after.checks[0].findings[0].source.file, "main.c");
  EXPECT_TRUE(after.checks[0].findings[0].is_partial());
  ASSERT_EQ(after.recorded.size(), 1u);
  EXPECT_EQ(after.recorded[0].inference, 1u);
  EXPECT_EQ(after.recorded[0].inputs[0].array.bytes, before.recorded[0].inputs[0].array.bytes);
  EXPECT_EQ(after.recorded[0].outputs[0].array.type, DataType::float32);
}

TEST(ProfileFile, TensorsThatAreNotAsLongAsTheirShapeAreDamage) {
  const auto error_with = [](DataType type, std::vector<std::int64_t> shape, std::size_t bytes) {
    Profile profile = full_profile();
    profile.recorded[0].inputs[0].array = {type, std::move(shape), std::vector<std::uint8_t>(bytes)};
    return error_of(to_bytes(profile));
  };
  EXPECT_EQ(error_with(DataType::int16, {1, 2}, 4), "");
  EXPECT_NE(error_with(DataType::int16, {1, 2}, 5), "");
  EXPECT_NE(error_with(DataType::int16, {2, 2}, 4), "");
  EXPECT_NE(error_with(DataType::int8, {-1, -4}, 4), "");
  EXPECT_NE(error_with(DataType::int8, {1ll << 62, 4}, 0), "") << "a product beyond 64 bits";
}

TEST(IoReport, ShowsTheFirstElementsOfEachTensor) {
  EXPECT_EQ(io_report(full_profile()),
            "inference 1  input  in  int16 1x2: 1 -2\n"
            "             output out  float32: -10\n");
  Profile profile = full_profile();
  profile.recorded[0].outputs = {{"o", {DataType::int8, {9}, {1, 2, 3, 4, 5, 6, 7, 8, 9}}}};
  EXPECT_NE(io_report(profile).find("o  int8 9: 1 2 3 4 5 6 7 8 .. (9)\n"), std::string::npos);
}

TEST(ProfileFile, AnEmptyProfileIsAProfile) {
  const std::vector<std::uint8_t> bytes = to_bytes(Profile{});
  EXPECT_EQ(to_bytes(from_bytes(bytes, "x")), bytes);
}

TEST(ProfileFile, OtherFilesAreRefused) {
  const std::string text = "schema,file\nand some more text behind it\n";
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  EXPECT_EQ(error_of(bytes), "x.mcuprof: not a profile; give a file that mcusim run --profile wrote");
  EXPECT_EQ(error_of(std::span(bytes).first(3)),
            "x.mcuprof: not a profile; give a file that mcusim run --profile wrote");
}

TEST(ProfileFile, ATruncatedFileIsDamaged) {
  const std::vector<std::uint8_t> bytes = to_bytes(full_profile());
  for (std::size_t size = 8; size < bytes.size(); size += 97) {
    // The end of a FlatBuffer may be padding; what is cut off must be missed or not matter.
    const std::string error = error_of(std::span(bytes).first(size));
    EXPECT_EQ(error, "x.mcuprof: damaged profile; copy it again or repeat the run") << size;
  }
}

TEST(ProfileFile, ColumnsOfUnequalLengthAndWrongIndicesAreDamage) {
  Profile profile = full_profile();
  profile.call_paths[1].function = 2;
  EXPECT_NE(error_of(to_bytes(profile)), "");
  profile = full_profile();
  profile.call_paths[0].parent = 1;
  EXPECT_NE(error_of(to_bytes(profile)), "");
  profile = full_profile();
  profile.instructions[0].place = 1;
  EXPECT_NE(error_of(to_bytes(profile)), "");
  profile = full_profile();
  profile.timeline.slices[0].track = 2;
  EXPECT_NE(error_of(to_bytes(profile)), "");
  profile = full_profile();
  profile.trace.steps[0].cycles = 4;
  EXPECT_NE(error_of(to_bytes(profile)), "") << "its causes make 3";
  profile = full_profile();
  profile.trace.steps[2].spent[0].cause = 2;
  EXPECT_NE(error_of(to_bytes(profile)), "");
  profile = full_profile();
  profile.trace.steps[1].spent = {{0, 0}};
  EXPECT_NE(error_of(to_bytes(profile)), "") << "a cause that costs nothing is none";
  profile = full_profile();
  std::swap(profile.trace.code[0], profile.trace.code[1]);
  EXPECT_NE(error_of(to_bytes(profile)), "");
  profile = full_profile();
  profile.activations[1].last = 2;
  EXPECT_NE(error_of(to_bytes(profile)), "");
  profile = full_profile();
  profile.running->layer = 1;
  EXPECT_NE(error_of(to_bytes(profile)), "");
  profile = full_profile();
  profile.layers[0].layer.inputs = {2};
  EXPECT_NE(error_of(to_bytes(profile)), "");
  profile = full_profile();
  profile.stalls = {1};
  EXPECT_NE(error_of(to_bytes(profile)), "");
}

TEST(ProfileFile, CachesThatDoNotFitTogetherAreDamage) {
  const auto damaged = [](auto change) {
    Profile profile = full_profile();
    change(profile);
    return error_of(to_bytes(profile)) == "x.mcuprof: damaged profile; copy it again or repeat the run";
  };
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].set_accesses = {1}; }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].set_fills = {1, 2, 3}; }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].conflicts[0].sets = {2}; }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].heat.misses.pop_back(); }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].heat = {64, {1, 2, 3}, {1, 2, 3}}; }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].heat.window = 0; }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].way_accesses.pop_back(); }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].way_misses.clear(); }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].way_fills = {1}; }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].ways = 3; }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].ways = 0; }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].heat.way_accesses.resize(8); }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.caches[0].heat.way_misses.pop_back(); }));
  EXPECT_TRUE(damaged([](Profile& profile) { profile.layers[0].caches.emplace_back(); }));
}

TEST(ProfileFile, AFileOfBeforeCachesWereLookedIntoIsRead) {
  const Profile profile =
      read_profile(MCUSIM_SOURCE_DIR "/tests/profiler/golden/before_cache_detail.mcuprof");
  ASSERT_EQ(profile.caches.size(), 3u);
  EXPECT_EQ(profile.caches[1].symbols[0].name, "net_weights");
  EXPECT_EQ(profile.caches[1].symbols[0].classes, std::nullopt);
  EXPECT_EQ(profile.caches[1].ways, 0u);
  EXPECT_TRUE(profile.layers[0].caches.empty());
  EXPECT_TRUE(profile.instructions[0].misses.empty());
}

// Whatever the bytes are, reading ends with a profile or with an InputError.
TEST(ProfileFile, MutatedFilesAreReadOrRefused) {
  const std::vector<std::uint8_t> good = to_bytes(full_profile());
  std::mt19937 random(20);
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> bytes = good;
    for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random() % 3 == 0 ? 0xff : random());
    }
    try {
      const Profile profile = from_bytes(bytes, "x");
      json_report(profile);
      text_report(profile);
      fault_report(profile);
      callgrind_export(profile);
      lcov_export(profile);
    } catch (const InputError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
  EXPECT_LT(refused, 20'000);
}

TEST(ProfileFile, IsWrittenAndReadByPath) {
  const TemporaryDirectory folder;
  write_profile(folder.path() / "a.mcuprof", full_profile());
  EXPECT_EQ(to_bytes(read_profile(folder.path() / "a.mcuprof")), to_bytes(full_profile()));
}

}  // namespace
}  // namespace mcusim::profiler
