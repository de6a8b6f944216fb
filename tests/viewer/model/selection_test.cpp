#include "viewer/model/selection.h"

#include <gtest/gtest.h>

#include "../sample_profile.h"

namespace mcusim::viewer {
namespace {

const profiler::Profile kProfile = sample_profile();

TEST(Selection, BeginsWithTheMostExpensiveLayerAndItsFunction) {
  const Selection selection(kProfile);
  EXPECT_EQ(selection.layer(), 0u);
  EXPECT_EQ(selection.function(), 2u) << "net_layer_0_conv_2d";
}

TEST(Selection, BeginsWithTheMostExpensiveFunctionWithoutLayers) {
  profiler::Profile firmware = kProfile;
  firmware.layers.clear();
  const Selection selection(firmware);
  EXPECT_EQ(selection.layer(), std::nullopt);
  EXPECT_EQ(selection.function(), 5u) << "dot";
}

TEST(Selection, OfNothingIsNothing) { EXPECT_EQ(Selection(profiler::Profile{}).function(), std::nullopt); }

TEST(Selection, AFunctionOfALayerSelectsTheLayer) {
  Selection selection(kProfile);
  selection.select_function(kProfile, 3);
  EXPECT_EQ(selection.layer(), 1u);
  selection.select_function(kProfile, 5);
  EXPECT_EQ(selection.layer(), std::nullopt) << "dot belongs to two layers";
}

TEST(Selection, AnAddressSelectsItsFunction) {
  Selection selection(kProfile);
  selection.select_address(kProfile, 0x080006a6);
  EXPECT_EQ(selection.function(), 5u);
  EXPECT_EQ(selection.address(), 0x080006a6u);
  selection.select_layer(kProfile, 0);
  EXPECT_EQ(selection.address(), std::nullopt);
}

}  // namespace
}  // namespace mcusim::viewer
