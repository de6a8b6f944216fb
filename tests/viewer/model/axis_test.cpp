#include "viewer/model/axis.h"

#include <gtest/gtest.h>

namespace mcusim::viewer {
namespace {

TEST(Axis, ZoomKeepsThePlaceUnderTheMouse) {
  Axis axis(0, 1000);
  const double place = axis.to_value(300, 1000);
  axis.zoom(4, place);
  EXPECT_DOUBLE_EQ(axis.span(), 250);
  EXPECT_DOUBLE_EQ(axis.to_pixel(place, 1000), 300);
}

TEST(Axis, NeverLeavesTheWhole) {
  Axis axis(100, 200);
  axis.zoom(2, 150);
  axis.pan(1e6);
  EXPECT_DOUBLE_EQ(axis.end(), 200);
  EXPECT_DOUBLE_EQ(axis.span(), 50) << "panning does not zoom";
  axis.pan(-1e6);
  EXPECT_DOUBLE_EQ(axis.begin(), 100);
  axis.zoom(1e-9, 120);
  EXPECT_DOUBLE_EQ(axis.begin(), 100);
  EXPECT_DOUBLE_EQ(axis.end(), 200);
}

TEST(Axis, NeverShowsLessThanItsLeastSpan) {
  Axis axis(0, 1000, 10);
  axis.zoom(1e9, 1000);
  EXPECT_DOUBLE_EQ(axis.span(), 10);
  EXPECT_DOUBLE_EQ(axis.end(), 1000);
}

TEST(Axis, AWholeOfNothingCanBeShown) {
  const Axis axis(5, 5, 1);
  EXPECT_DOUBLE_EQ(axis.span(), 1);
}

TEST(Axis, TicksAreRoundAndWithinWhatIsSeen) {
  Axis axis(0, 1000);
  EXPECT_EQ(axis.ticks(5), (std::vector<double>{0, 200, 400, 600, 800}));
  axis.show(130, 180);
  EXPECT_EQ(axis.ticks(6), (std::vector<double>{130, 140, 150, 160, 170, 180}));
  EXPECT_EQ(axis.ticks(3, 7), (std::vector<double>{140, 175})) << "20 and 25 sevens";
  EXPECT_TRUE(axis.ticks(0).empty());
}

}  // namespace
}  // namespace mcusim::viewer
