#include "viewer/model/timeline.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "../sample_profile.h"

namespace mcusim::viewer {
namespace {

using profiler::Profile;
using profiler::Slice;
using profiler::Timeline;

Timeline short_slices(std::uint32_t count) {
  Timeline timeline;
  timeline.tracks = {"main"};
  for (Cycles i = 0; i < count; ++i)
    timeline.slices.push_back({Slice::Kind::function, 0, 0, 0, 10 * i, 10 * i + 8});
  return timeline;
}

TEST(Lanes, LayersStandAboveTracksAndCallersAboveCallees) {
  const Profile profile = sample_profile();
  const std::vector<Lane> lanes = lanes_of(profile.timeline);
  ASSERT_EQ(lanes.size(), 6u);
  EXPECT_EQ(lanes[0].title, "layers");
  EXPECT_EQ(lanes[1].title, "main");
  EXPECT_EQ(lanes[2].title, "") << "deeper calls of the same track";
  EXPECT_EQ(lanes[5].title, "interrupts");
}

TEST(Lanes, NoTwoSlicesOfALaneOverlap) {
  const Profile profile = sample_profile();
  for (const Lane& lane : lanes_of(profile.timeline))
    for (std::size_t i = 1; i < lane.slices.size(); ++i)
      EXPECT_LE(profile.timeline.slices[lane.slices[i - 1]].end,
                profile.timeline.slices[lane.slices[i]].begin);
}

TEST(VisibleBoxes, AMillionSlicesAreNoMoreBoxesThanPixels) {
  const Timeline timeline = short_slices(1'000'000);
  const std::vector<Lane> lanes = lanes_of(timeline);
  Axis axis(0, 1e7, 20);
  const auto all = visible_boxes(lanes[0], timeline, axis, 1000);
  ASSERT_EQ(all.size(), 1u) << "one box that says: many";
  EXPECT_EQ(all[0].slice, LaneBox::kMany);
  EXPECT_DOUBLE_EQ(all[0].right - all[0].left, 1000);
}

TEST(VisibleBoxes, ZoomedInEachSliceStandsWhereItIs) {
  const Timeline timeline = short_slices(1'000'000);
  Axis axis(0, 1e7, 20);
  axis.show(5'000'005, 5'000'025);
  const auto boxes = visible_boxes(lanes_of(timeline)[0], timeline, axis, 200);
  ASSERT_EQ(boxes.size(), 3u);
  EXPECT_EQ(boxes[0].slice, 500'000u);
  EXPECT_DOUBLE_EQ(boxes[0].left, 0) << "cut at the edge";
  EXPECT_DOUBLE_EQ(boxes[1].left, 50);
  EXPECT_DOUBLE_EQ(boxes[1].right, 130);
}

TEST(VisibleBoxes, AShortSliceAloneKeepsItsName) {
  Timeline timeline;
  timeline.slices = {{Slice::Kind::handler, 0, 0, 0, 500, 501}, {Slice::Kind::handler, 0, 0, 0, 900, 901}};
  const auto boxes = visible_boxes(lanes_of(timeline)[0], timeline, Axis(0, 1000), 100);
  ASSERT_EQ(boxes.size(), 2u);
  EXPECT_EQ(boxes[0].slice, 0u);
  EXPECT_DOUBLE_EQ(boxes[0].left, 50);
  EXPECT_DOUBLE_EQ(boxes[1].left, 90);
}

TEST(SeenBoxes, FollowTheAxisAndTheWidth) {
  const Timeline timeline = short_slices(1'000);
  const Lane lane = lanes_of(timeline)[0];
  Axis axis(0, 1e4, 20);
  SeenBoxes seen;
  const auto expect_as_visible = [&](double width) {
    const auto& boxes = seen.of(lane, timeline, axis, width);
    const auto fresh = visible_boxes(lane, timeline, axis, width);
    ASSERT_EQ(boxes.size(), fresh.size());
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      EXPECT_EQ(boxes[i].slice, fresh[i].slice);
      EXPECT_EQ(boxes[i].left, fresh[i].left);
      EXPECT_EQ(boxes[i].right, fresh[i].right);
    }
  };
  expect_as_visible(100);
  expect_as_visible(100);
  expect_as_visible(2'000);
  axis.show(5'000, 5'100);
  expect_as_visible(2'000);
  axis.pan(30);
  expect_as_visible(2'000);
  const LaneBox* const kept = seen.of(lane, timeline, axis, 2'000).data();
  EXPECT_EQ(seen.of(lane, timeline, axis, 2'000).data(), kept) << "not looked for again";
}

TEST(Statistics, AFunctionsOwnCyclesAreWithoutItsCallees) {
  const Profile profile = sample_profile();
  // From the first layer's first instruction to the end of its second call of dot.
  const SpanStatistics span = statistics(profile, 5'500, 14'200);
  Cycles sum = 0;
  for (const auto& part : span.functions) sum += part.cycles;
  EXPECT_EQ(sum, 8'700u + 250) << "each cycle once, and the interrupt's beside them";
  EXPECT_EQ(span.functions[0].what, 5u) << "dot, twice";
  EXPECT_EQ(span.functions[0].cycles, 2 * 2'200u);
  EXPECT_EQ(span.functions[1].what, 2u) << "net_layer_0_conv_2d, which called it";
  EXPECT_EQ(span.functions[1].cycles, 8'700u - 2 * 2'200);
  ASSERT_EQ(span.layers.size(), 1u);
  EXPECT_EQ(span.layers[0].cycles, 8'700u);
}

TEST(Statistics, WindowsCountInProportion) {
  Profile profile;
  profile.timeline.window_cycles = 100;
  profile.timeline.windows = {
      {80, 10, std::nullopt, {}, {}}, {60, 30, std::nullopt, {}, {}}, {40, 20, 5, {}, {}}};
  const SpanStatistics span = statistics(profile, 150, 50);
  EXPECT_DOUBLE_EQ(span.instructions, 40 + 30) << "half of the first two, whatever the direction of the drag";
  EXPECT_EQ(span.largest_stack, 30u);
  EXPECT_EQ(span.largest_heap, std::nullopt);
}

TEST(Curves, AreThoseThatTheProfileKnows) {
  Profile profile = sample_profile();
  EXPECT_EQ(curves_of(profile.timeline).size(), 5u);
  for (profiler::Window& window : profile.timeline.windows) window.data_misses.reset();
  const auto curves = curves_of(profile.timeline);
  EXPECT_EQ(curves.size(), 4u);
  EXPECT_EQ(std::ranges::count(curves, "L1D misses per 1000 instructions", &Curve::name), 0);
}

TEST(Curves, APixelShowsTheLargestOfItsWindows) {
  const Curve curve{"", {1, 7, 2, std::nullopt}, 7};
  const auto two = sampled(curve, 10, Axis(0, 40), 2);
  EXPECT_EQ(two[0], 7);
  EXPECT_EQ(two[1], 2);
  const auto eight = sampled(curve, 10, Axis(0, 40), 8);
  EXPECT_EQ(eight[1], 1) << "a window wider than a pixel fills all of its pixels";
  EXPECT_EQ(eight[7], std::nullopt);
}

}  // namespace
}  // namespace mcusim::viewer
