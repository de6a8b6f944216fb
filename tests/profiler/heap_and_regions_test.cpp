#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "profiled_run.h"

// programs/heap_and_regions.c.
namespace mcusim::profiler {
namespace {

const emulator::Image& image() {
  static const emulator::Image kImage = emulator::load_image(MCUSIM_TEST_PROGRAMS "/heap_and_regions.elf");
  return kImage;
}

Profile run(const std::vector<std::string>& regions, std::optional<HeapSymbols> heap = {},
            const std::string& timing = "table") {
  RecordOptions options;
  for (const std::string& text : regions) options.regions.push_back(parse_region(text, image()));
  options.heap = std::move(heap);
  return profile_of(image(), timing, recursion, options);
}

std::string error_of(const std::string& region) {
  try {
    parse_region(region, image());
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Heap, PeakAndLeaksFollowWhatWasAskedFor) {
  const Profile profile = run({});
  // 40 and 4 * 15, less 40, and 100 and 16.
  EXPECT_EQ(profile.memory.heap_peak, 60u + 100 + 16);
  Bytes bytes = 0, live = 0;
  std::uint64_t allocations = 0;
  for (const AllocationSite& site : profile.allocations) {
    bytes += site.bytes;
    live += site.live_bytes;
    allocations += site.allocations;
    if (site.live_bytes == 0) continue;
    const emulator::Symbol* caller = image().symbol_at(site.caller);
    ASSERT_NE(caller, nullptr);
    EXPECT_EQ(caller->name, "leaks");
    EXPECT_EQ(site.live_allocations, 1u);
  }
  EXPECT_EQ(bytes, 40u + 60 + 100 + 16) << "one that failed allocates nothing";
  EXPECT_EQ(allocations, 4u) << "what calloc asks malloc for is no other allocation";
  EXPECT_EQ(live, 100u);
}

TEST(Heap, OfFunctionsThatAreNamed) {
  const Profile profile = run({}, parse_heap("alloc=own_take,free=own_give"));
  EXPECT_EQ(profile.memory.heap_peak, 16u);
  ASSERT_EQ(profile.allocations.size(), 1u);
  EXPECT_EQ(profile.allocations[0].live_bytes, 0u);
  EXPECT_THROW(run({}, parse_heap("alloc=own_take,free=nothing")), InputError);
  EXPECT_THROW(parse_heap("alloc=own_take"), InputError);
}

TEST(Heap, ShowsInTheTimeline) {
  const Profile profile = run({});
  Bytes most = 0;
  for (const Window& window : profile.timeline.windows) most = std::max(most, window.heap.value_or(0));
  EXPECT_EQ(most, *profile.memory.heap_peak);
}

TEST(Regions, CountWhatTheCallTreeCounts) {
  for (const std::string timing : {"table", "full"}) {
    const Profile profile =
        run({"outer=outer_work", "inner=inner_work", "marks=mark_begin..mark_end"}, {}, timing);
    ASSERT_EQ(profile.layers.size(), 3u);
    const FunctionProfile &outer = function(profile, "outer_work"), &inner = function(profile, "inner_work");
    EXPECT_EQ(outer.calls, 2u);
    EXPECT_EQ(profile.layers[0].cycles, outer.self_cycles) << "without the region inside of it";
    EXPECT_EQ(profile.layers[0].instructions, outer.self_instructions);
    EXPECT_EQ(profile.layers[1].cycles, inner.self_cycles);
    EXPECT_EQ(profile.layers[2].instructions, 3u);
    EXPECT_EQ(profile.layers[0].layer.name, "outer");
  }
}

TEST(Regions, AddressesAreAsGoodAsSymbols) {
  const Address from = image().find_symbol("mark_begin")->address;
  const Profile profile = run({fmt::format("marks=0x{:x}..{}", from, from + 4)});
  ASSERT_EQ(profile.layers.size(), 1u);
  EXPECT_EQ(profile.layers[0].instructions, 2u);
}

TEST(Regions, WhatCannotBeMeantIsRefused) {
  EXPECT_NE(error_of("x=nothing").find("has no symbol 'nothing'; give NAME=SYMBOL or NAME=FROM..TO"),
            std::string::npos);
  EXPECT_NE(error_of("inner_work"), "");
  EXPECT_NE(error_of("x=mark_begin..mark_begin"), "");
}

TEST(Regions, OfKnownLibrariesComeFromTheirSymbols) {
  emulator::Image own;
  const auto add = [&](const char* name, Address address) {
    own.symbols.push_back({name, address, 8, true});
  };
  add("arm_convolve_wrapper_s8", 0x100);
  add("arm_nn_mat_mult_s8", 0x110);
  add("forward_kinematics", 0x120);
  EXPECT_EQ(regions_of_known_libraries(own).size(), 1u);
  EXPECT_EQ(regions_of_known_libraries(own)[0].what, "CMSIS-NN");
  add("_ZN6tflite12_GLOBAL__N_18ConvEvalEP13TfLiteContextP10TfLiteNode", 0x130);
  EXPECT_EQ(regions_of_known_libraries(own)[0].name,
            "_ZN6tflite12_GLOBAL__N_18ConvEvalEP13TfLiteContextP10TfLiteNode");
  add("ai_platform_network_create", 0x140);
  ASSERT_EQ(regions_of_known_libraries(own).size(), 1u);
  EXPECT_EQ(regions_of_known_libraries(own)[0].name, "forward_kinematics");
}

}  // namespace
}  // namespace mcusim::profiler
