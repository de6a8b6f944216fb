#include "viewer/model/tensor_map.h"

#include <gtest/gtest.h>

#include "../sample_profile.h"

namespace mcusim::viewer {
namespace {

TEST(TensorMap, BoxesSpanTheLayersDuringWhichTheirBytesMatter) {
  const profiler::Profile profile = sample_profile();
  const TensorMap map = tensor_map(profile);
  EXPECT_EQ(map.columns, 5u) << "before, three layers, after";
  ASSERT_EQ(map.boxes.size(), profile.activations.size());
  EXPECT_EQ(map.boxes[0].column, 0u) << "the input";
  EXPECT_EQ(map.boxes[0].end, 2u);
  EXPECT_EQ(map.boxes[1].column, 1u);
  EXPECT_EQ(map.boxes[1].end, 4u);
  EXPECT_EQ(map.boxes[4].end, 5u) << "the output";
  EXPECT_EQ(map.layer_of(0), std::nullopt);
  EXPECT_EQ(map.layer_of(1), 0u);
  EXPECT_EQ(map.layer_of(4), std::nullopt);
}

TEST(TensorMap, BytesThatLiveAtOnceAreSummed) {
  const TensorMap map = tensor_map(sample_profile());
  EXPECT_EQ(map.live, (std::vector<Bytes>{784, 784 + 1568 + 512, 1568 + 10, 1568 + 20, 10}));
}

TEST(TensorMap, WhatLiesElsewhereIsLeftOut) {
  profiler::Profile profile = sample_profile();
  profile.activations[2].span.begin = 0x08000000;
  EXPECT_EQ(tensor_map(profile).boxes.size(), 4u);
  EXPECT_EQ(tensor_map(profile).low, 0x20000400u);
}

TEST(TensorMap, OfNothingIsEmpty) { EXPECT_TRUE(tensor_map(profiler::Profile{}).boxes.empty()); }

}  // namespace
}  // namespace mcusim::viewer
