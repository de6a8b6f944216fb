#include "profiler/compare/fit.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mcusim::profiler {
namespace {

using Values = std::vector<unsigned>;

double distance(unsigned a, double b) { return std::abs(static_cast<double>(a) - b); }

TEST(Fit, FindsTheLeastErrorOfValuesThatActApart) {
  const auto error = [](const Values& values) -> std::optional<double> {
    return distance(values[0], 9) + 3 * distance(values[1], 2);
  };
  const Fit found = fit({5, 7}, error, 100);
  EXPECT_EQ(found.values, (Values{9, 2}));
  EXPECT_EQ(found.error, 0);
}

TEST(Fit, StaysWhereNoStepIsBetter) {
  unsigned asked = 0;
  const Fit found = fit(
      {4},
      [&](const Values& values) -> std::optional<double> {
        ++asked;
        return 1 + distance(values[0], 4);
      },
      100);
  EXPECT_EQ(found.values, (Values{4}));
  EXPECT_EQ(found.error, 1);
  EXPECT_EQ(found.runs, 3u) << "itself and its two neighbours, each once";
  EXPECT_EQ(asked, found.runs);
}

TEST(Fit, KeepsToValuesThatArePossible) {
  const auto error = [](const Values& values) -> std::optional<double> {
    if (values[0] < 1 || values[0] > 6) return std::nullopt;
    return distance(values[0], 20);
  };
  EXPECT_EQ(fit({2}, error, 100).values, (Values{6}));
  const auto falls = [](const Values& values) -> std::optional<double> { return values[0]; };
  EXPECT_EQ(fit({5}, falls, 100).values, (Values{0}));
}

TEST(Fit, AsksNoMoreOftenThanItMay) {
  const auto error = [](const Values& values) -> std::optional<double> { return 1e6 - values[0]; };
  const Fit found = fit({0}, error, 7);
  EXPECT_EQ(found.runs, 7u);
  EXPECT_LT(found.error, 1e6);
}

}  // namespace
}  // namespace mcusim::profiler
