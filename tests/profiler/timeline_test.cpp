#include <gtest/gtest.h>

#include <numeric>

#include "profiled_run.h"
#include "profiler/timeline_recorder.h"

namespace mcusim::profiler {
namespace {

std::uint64_t instructions(const Timeline& timeline) {
  std::uint64_t sum = 0;
  for (const Window& window : timeline.windows) sum += window.instructions;
  return sum;
}

TEST(Timeline, KeepsTheLongSlicesWhenThereAreTooMany) {
  TimelineRecorder recorder;
  // A slice of 10 cycles in one of 100 in one of 100,000.
  Cycles now = 0;
  for (int i = 0; i < 200; ++i) {
    const Cycles outer = now;
    for (int j = 0; j < 1000; ++j, now += 100) {
      recorder.ended({2, 1, 2, false, now}, now + 10);
      recorder.ended({1, 1, 1, false, now}, now + 100);
    }
    recorder.ended({0, 1, 0, false, outer}, now);
  }
  const Timeline timeline = recorder.finish({now, now, 0}, 1);
  EXPECT_LE(timeline.slices.size(), TimelineRecorder::kMostSlices);
  EXPECT_EQ(timeline.shortest_slice, 128u);
  EXPECT_EQ(timeline.slices.size(), 200u) << "all that are longer are there";
  for (const Slice& slice : timeline.slices) EXPECT_EQ(slice.end - slice.begin, 100'000u);
}

TEST(Timeline, WindowsKeepAllInstructionsHoweverLongTheRun) {
  TimelineRecorder recorder;
  Progress now;
  for (int i = 0; i < 10'000; ++i) {
    now.cycles += 12'345;
    now.instructions += 6'789;
    now.stack = static_cast<Bytes>(i % 100);
    recorder.passed(now);
  }
  const Timeline timeline = recorder.finish(now, 1);
  EXPECT_LE(timeline.windows.size(), TimelineRecorder::kMostWindows);
  EXPECT_GT(timeline.windows.size(), TimelineRecorder::kMostWindows / 2 - 1);
  EXPECT_EQ(timeline.windows.size(), now.cycles / timeline.window_cycles + 1);
  EXPECT_EQ(instructions(timeline), now.instructions);
  std::vector<Bytes> deepest(timeline.windows.size());
  for (Cycles i = 0; i < 10'000; ++i) {
    for (Cycles at = i * 12'345; at < (i + 1) * 12'345; ++at) {
      Bytes& in_window = deepest[at / timeline.window_cycles];
      in_window = std::max<Bytes>(in_window, i % 100);
    }
  }
  for (std::size_t i = 0; i + 1 < deepest.size(); ++i) EXPECT_EQ(timeline.windows[i].stack, deepest[i]) << i;
}

TEST(Timeline, TasksAndInterruptsHaveTracks) {
  const Profile profile = profile_of(emulator::load_image(MCUSIM_TEST_PROGRAMS "/two_tasks.elf"), "table");
  const Timeline& timeline = profile.timeline;
  ASSERT_GE(timeline.tracks.size(), 5u) << "layers, interrupts, main and two tasks";
  EXPECT_EQ(instructions(timeline), profile.run.instructions);
  bool handler = false, primes = false;
  for (const Slice& slice : timeline.slices) {
    const std::string& name = profile.functions[slice.what].name;
    const std::string& track = timeline.tracks[slice.track];
    EXPECT_EQ(slice.kind == Slice::Kind::handler, name.ends_with("_Handler")) << name;
    if (slice.kind == Slice::Kind::handler) {
      handler = true;
      EXPECT_EQ(track, "interrupts") << name;
    }
    if (name == "primes") {
      primes = true;
      EXPECT_TRUE(track.starts_with("thread")) << track;
    }
  }
  EXPECT_TRUE(handler);
  EXPECT_TRUE(primes);
}

TEST(Running, AProfileOfARunThatGoesOnHasWhatItDidSoFar) {
  const emulator::Image image = emulator::load_image(MCUSIM_TEST_PROGRAMS "/two_tasks.elf");
  RecordOptions options;
  options.regions.push_back({"print", "region", image.find_symbol("print_line")->address});
  int looks = 0;
  options.ends_here = [&] { return ++looks == 8; };
  const Profile so_far = profile_of(image, "table", recursion, options);
  ASSERT_TRUE(so_far.running);
  EXPECT_EQ(so_far.stop.reason, emulator::StopReason::cycle_limit);
  EXPECT_FALSE(so_far.stop_function.empty()) << "where it is";
  const Profile whole = profile_of(image, "table");
  EXPECT_FALSE(whole.running);
  EXPECT_LT(so_far.run.cycles, whole.run.cycles);
  EXPECT_EQ(instructions(so_far.timeline), so_far.run.instructions);
  ASSERT_EQ(so_far.layers.size(), 1u);
  EXPECT_GT(so_far.layers[0].cycles, 0u);
}

TEST(Stack, OfFunctionsIncludesWhatTheyCalled) {
  const Profile profile = profile_of(emulator::load_image(MCUSIM_TEST_PROGRAMS "/calls.elf"), "table");
  // 8 bytes for each of 5 activations; assembly without call frame tables shows them at the calls between.
  EXPECT_EQ(function(profile, "recurse").stack_peak, 4u * 8);
  EXPECT_EQ(function(profile, "recursion").stack_peak, 5u * 8);
  ASSERT_FALSE(profile.stacks.empty());
  EXPECT_EQ(profile.stacks[0].name, "main");
  EXPECT_EQ(profile.stacks[0].peak, 5u * 8);
}

TEST(Stack, EachTaskHasItsOwn) {
  const emulator::Image image = emulator::load_image(MCUSIM_TEST_PROGRAMS "/two_tasks.elf");
  const Profile profile = profile_of(image, "table");
  const emulator::Symbol* stacks = image.find_symbol("stacks");
  ASSERT_NE(stacks, nullptr);
  std::size_t of_tasks = 0;
  for (const StackProfile& stack : profile.stacks) {
    if (stack.highest <= stacks->address || stack.highest > stacks->address + stacks->size) continue;
    ++of_tasks;
    EXPECT_EQ(stack.limit, stacks->address);
    EXPECT_GT(stack.peak, 0u);
    EXPECT_LT(stack.peak, 1024u);
  }
  EXPECT_EQ(of_tasks, 2u);
  // The compiler's tables show what a leaf takes: print_line keeps a buffer of 10 digits.
  EXPECT_GE(function(profile, "print_line").stack_peak, 10u);
}

}  // namespace
}  // namespace mcusim::profiler
