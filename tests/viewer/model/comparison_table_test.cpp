#include "viewer/model/comparison_table.h"

#include <gtest/gtest.h>

#include "../sample_profile.h"

namespace mcusim::viewer {
namespace {

using profiler::Comparison;
using profiler::Reference;

Comparison sample() { return profiler::compare(changed_profile(), profiler::reference_of(sample_profile())); }

TEST(ComparisonTable, BarsOfBothAreToOneScale) {
  const Comparison comparison = sample();
  const Table table = comparison_table(comparison);
  EXPECT_DOUBLE_EQ(table.share(0, 1), 40.0 / 62);
  EXPECT_DOUBLE_EQ(table.share(0, 2), 1);
}

TEST(ComparisonTable, ErrorsAreOfThisAgainstTheOther) {
  const Comparison comparison = sample();
  Table table = comparison_table(comparison);
  EXPECT_EQ(table.columns()[3].text(0), "-35.5");
  EXPECT_EQ(table.columns()[3].text(1), "+10.0");
  table.sort(3, true);
  EXPECT_EQ(table.rows().front(), 1u);
  EXPECT_EQ(errors_text(comparison), "total -19.0 %, parts 15.2 % on average, worst -35.5 % (conv_1/Relu)");
}

TEST(ComparisonTable, MillisecondsHaveTheirDecimals) {
  Reference reference;
  reference.unit = Reference::Unit::milliseconds;
  reference.parts = {{"conv_1/Relu", std::nullopt, 0.2, {}}};
  const Comparison comparison = profiler::compare(sample_profile(), reference);
  const Table table = comparison_table(comparison);
  EXPECT_EQ(table.columns()[1].name, "this, ms");
  EXPECT_EQ(table.columns()[1].text(0), "0.155");
  EXPECT_EQ(table.columns()[3].text(0), "-22.5");
}

TEST(ComparisonTable, UnknownErrorsAreSaidToBe) {
  const Comparison comparison = profiler::compare(sample_profile(), Reference{});
  EXPECT_EQ(errors_text(comparison), "total - %");
}

}  // namespace
}  // namespace mcusim::viewer
