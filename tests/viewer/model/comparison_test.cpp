#include "viewer/model/comparison.h"

#include <gtest/gtest.h>

#include "../sample_profile.h"

namespace mcusim::viewer {
namespace {

TEST(Comparison, LayersMeetByNameAndOperator) {
  const Comparison comparison = compare(sample_profile(), changed_profile());
  EXPECT_TRUE(comparison.is_of_layers);
  ASSERT_EQ(comparison.rows.size(), 3u);
  EXPECT_NEAR(*comparison.rows[0].difference(), -35.48, 0.01);
  EXPECT_NEAR(*comparison.rows[1].difference(), 10, 1e-9);
  EXPECT_NEAR(*comparison.whole.difference(), -19, 1e-9);
}

TEST(Comparison, WhatOnlyOneHasIsShownWithoutADifference) {
  profiler::Profile other = changed_profile();
  other.layers[1].layer.name = "renamed";
  const Comparison comparison = compare(sample_profile(), other);
  ASSERT_EQ(comparison.rows.size(), 4u);
  EXPECT_EQ(comparison.rows[1].difference(), std::nullopt);
  EXPECT_EQ(comparison.rows[3].cycles, std::nullopt);
  EXPECT_EQ(comparison.rows[3].other_cycles, 33'000u);
}

TEST(Comparison, LayersOfOneNameMeetInTheirOrder) {
  profiler::Profile one = sample_profile(), two = changed_profile();
  for (profiler::Profile* profile : {&one, &two})
    for (profiler::LayerProfile& layer : profile->layers) layer.layer.name = layer.layer.op = "same";
  const Comparison comparison = compare(one, two);
  ASSERT_EQ(comparison.rows.size(), 3u);
  EXPECT_EQ(comparison.rows[0].other_cycles, 40'000u);
  EXPECT_EQ(comparison.rows[1].other_cycles, 33'000u);
}

TEST(Comparison, BarsOfBothAreToOneScale) {
  const Comparison comparison = compare(sample_profile(), changed_profile());
  const Table table = comparison_table(comparison);
  EXPECT_DOUBLE_EQ(table.share(0, 1), 1);
  EXPECT_DOUBLE_EQ(table.share(0, 2), 40.0 / 62);
}

TEST(Comparison, IsOfFunctionsWhenOneHasNoLayers) {
  profiler::Profile firmware = sample_profile();
  firmware.layers.clear();
  const Comparison comparison = compare(sample_profile(), firmware);
  EXPECT_FALSE(comparison.is_of_layers);
  EXPECT_EQ(comparison.rows.size(), 8u);
  EXPECT_EQ(comparison_table(comparison).columns()[0].name, "function");
}

}  // namespace
}  // namespace mcusim::viewer
