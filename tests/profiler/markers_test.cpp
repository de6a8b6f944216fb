#include <gtest/gtest.h>

#include <algorithm>

#include "profiled_run.h"

// programs/markers.c.
namespace mcusim::profiler {
namespace {

const emulator::Image& image() {
  static const emulator::Image kImage = emulator::load_image(MCUSIM_TEST_PROGRAMS "/markers.elf");
  return kImage;
}

const LayerProfile* layer(const Profile& profile, const std::string& name) {
  const auto found =
      std::ranges::find(profile.layers, name, [](const LayerProfile& entry) { return entry.layer.name; });
  return found == profile.layers.end() ? nullptr : &*found;
}

/// Instructions of all calls of a function, over how many calls there were.
std::uint64_t instructions_per_call(const Profile& profile, const std::string& name) {
  const FunctionProfile& entry = function(profile, name);
  return entry.self_instructions / entry.calls;
}

TEST(Markers, OfTheFunctionDivideTheRunByName) {
  const Profile profile = profile_of(image(), "table");
  const LayerProfile *fast = layer(profile, "short"), *slow = layer(profile, "long");
  ASSERT_NE(fast, nullptr);
  ASSERT_NE(slow, nullptr);
  EXPECT_EQ(fast->layer.op, "marker");
  // Twice: the function, its call, the marker's return and the next marker's name and call.
  const std::uint64_t work = 2 * instructions_per_call(profile, "short_work");
  EXPECT_GT(fast->instructions, work);
  EXPECT_LE(fast->instructions, work + 2 * 5);
  EXPECT_GT(slow->instructions, 2 * instructions_per_call(profile, "long_work"));
}

TEST(Markers, OfTheItmAreNamesOrNumbers) {
  const Profile profile = profile_of(image(), "table");
  const LayerProfile *conv = layer(profile, "conv"), *seven = layer(profile, "marker 7");
  ASSERT_NE(conv, nullptr);
  ASSERT_NE(seven, nullptr);
  EXPECT_GT(conv->instructions, instructions_per_call(profile, "short_work"));
  EXPECT_LE(conv->instructions, instructions_per_call(profile, "short_work") + 5);
  EXPECT_LE(seven->instructions, instructions_per_call(profile, "long_work") + 5);
  EXPECT_EQ(profile.layers.size(), 4u);
}

TEST(Markers, CyclesOfAllPartsAndOfTheRestAddUp) {
  const Profile profile = profile_of(image(), "full");
  Cycles parts = 0;
  for (const LayerProfile& part : profile.layers) parts += part.cycles;
  EXPECT_LT(parts, profile.work.cycles);
  EXPECT_GT(4 * parts, 3 * function(profile, "long_work").self_cycles) << "three of its four calls are marked";
}

TEST(CycleReads, EachPairOfPlacesIsARegion) {
  RecordOptions options;
  options.regions_by_cycle_reads = true;
  const Profile profile = profile_of(image(), "table", recursion, options);
  // The two reads around short_work; their end to the first tick; the ticks around long_work, which are told
  // by their callers; and on to the loop that waits, which begins and ends at different reads.
  ASSERT_EQ(profile.layers.size(), 5u);
  const LayerProfile &fast = profile.layers[0], &slow = profile.layers[2];
  EXPECT_TRUE(fast.layer.name.starts_with("by_reads:")) << fast.layer.name;
  EXPECT_NE(fast.layer.name.find("..by_reads:"), std::string::npos) << fast.layer.name;
  EXPECT_TRUE(slow.layer.name.starts_with("by_reads:")) << "not ticks: " << slow.layer.name;
  EXPECT_GT(fast.instructions, instructions_per_call(profile, "short_work"));
  EXPECT_LE(fast.instructions, instructions_per_call(profile, "short_work") + 4);
  EXPECT_GT(slow.instructions, instructions_per_call(profile, "long_work"));
}

}  // namespace
}  // namespace mcusim::profiler
