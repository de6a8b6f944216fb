#include "codegen/emit/fixed_point.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mcusim::codegen::testing {
namespace {

TEST(FixedPoint, MultipliersHaveThirtyOneSignificantBits) {
  EXPECT_EQ(fixed_point(1.0).multiplier, 1 << 30);
  EXPECT_EQ(fixed_point(1.0).shift, 1);
  EXPECT_EQ(fixed_point(0.25).multiplier, 1 << 30);
  EXPECT_EQ(fixed_point(0.25).shift, -1);
  EXPECT_EQ(fixed_point(0).multiplier, 0);
}

TEST(FixedPoint, MantissasThatRoundUpToOneMoveTheShift) {
  const FixedPoint factor = fixed_point(std::nextafter(1.0, 0.0));
  EXPECT_EQ(factor.multiplier, 1 << 30);
  EXPECT_EQ(factor.shift, 1);
}

TEST(FixedPoint, FactorsBelowTwoToMinusThirtyTwoVanish) { EXPECT_EQ(fixed_point(1e-12).multiplier, 0); }

TEST(FixedPoint, RescalingRoundsTiesTwice) {
  // The product is rounded up at a tie, the shift away from zero.
  EXPECT_EQ(rescale(1, fixed_point(0.5)), 1);
  EXPECT_EQ(rescale(-1, fixed_point(0.5)), 0);
  EXPECT_EQ(rescale(2, fixed_point(0.25)), 1);
  EXPECT_EQ(rescale(-2, fixed_point(0.25)), -1);
  EXPECT_EQ(rescale(100, fixed_point(3.0)), 300);
}

TEST(ClampRange, ActivationsBecomeStepsOfTheOutputWithinInt8) {
  const Quantization output{{0.05f}, {-10}, 0};
  EXPECT_EQ(clamp_range(Activation::none, output).min, -128);
  EXPECT_EQ(clamp_range(Activation::relu, output).min, -10);
  EXPECT_EQ(clamp_range(Activation::relu6, output).max, 110);
  EXPECT_EQ(clamp_range(Activation::relu_n1_to_1, output).min, -30);
  EXPECT_EQ(clamp_range(Activation::relu_n1_to_1, output).max, 10);
  const Quantization fine{{1e-20f}, {-128}, 0};
  EXPECT_EQ(clamp_range(Activation::relu6, fine).max, 127);
}

}  // namespace
}  // namespace mcusim::codegen::testing
