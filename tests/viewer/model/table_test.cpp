#include "viewer/model/table.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "../sample_profile.h"
#include "viewer/model/layer_table.h"

namespace mcusim::viewer {
namespace {

using Rows = std::vector<std::size_t>;

struct Thing {
  std::string name;
  std::optional<double> weight;
};
const std::vector<Thing> kThings = {
    {"Beta", 2}, {"alpha, the first", std::nullopt}, {"gamma", 2}, {"delta", 8}};

Table things() {
  return Table({{"name", [](std::size_t row) { return kThings[row].name; }},
                {"weight", [](std::size_t row) { return kThings[row].weight ? "1,000" : "-"; },
                 [](std::size_t row) { return kThings[row].weight; }, true}},
               kThings.size());
}

TEST(Table, ShowsRowsAsMadeUntilSorted) { EXPECT_EQ(things().rows(), (Rows{0, 1, 2, 3})); }

TEST(Table, EqualRowsKeepTheirOrderAndUnknownOnesStandLastInBothDirections) {
  Table table = things();
  table.sort(1, true);
  EXPECT_EQ(table.rows(), (Rows{3, 0, 2, 1}));
  table.sort(1, false);
  EXPECT_EQ(table.rows(), (Rows{0, 2, 3, 1}));
}

TEST(Table, SortsTextByItsLetters) {
  Table table = things();
  table.sort(0, false);
  EXPECT_EQ(table.rows(), (Rows{0, 1, 3, 2}));
}

TEST(Table, FilterIgnoresCaseAndKeepsTheOrder) {
  Table table = things();
  table.sort(1, true);
  table.filter("TA");
  EXPECT_EQ(table.rows(), (Rows{3, 0}));
  table.filter("");
  EXPECT_EQ(table.rows().size(), 4u);
}

TEST(Table, FilterLooksAtTextColumnsOnly) {
  Table table = things();
  table.filter("1");
  EXPECT_TRUE(table.rows().empty());
}

TEST(Table, BarsAreRelativeToTheLargest) {
  EXPECT_DOUBLE_EQ(things().share(0, 1), 0.25);
  EXPECT_DOUBLE_EQ(things().share(1, 1), 0);
}

TEST(Table, PositionsFollowOrderAndFilter) {
  Table table = things();
  table.sort(1, true);
  EXPECT_EQ(table.position_of(2), 2u);
  table.filter("beta");
  EXPECT_EQ(table.position_of(2), std::nullopt);
}

TEST(Table, CsvHasPlainNumbersAndQuotesWhatHoldsAComma) {
  Table table = things();
  table.filter("a");
  table.sort(0, true);
  EXPECT_EQ(table.csv(), "name,weight\ngamma,1000\ndelta,1000\n\"alpha, the first\",-\nBeta,1000\n");
}

TEST(LayerTable, SortsByCyclesPerMaccWithLayersOfNoMaccLast) {
  const profiler::Profile profile = sample_profile();
  Table table = layer_table(profile);
  const auto column =
      std::ranges::find(table.columns(), "cycles/MACC", &Column::name) - table.columns().begin();
  table.sort(static_cast<std::size_t>(column), false);
  EXPECT_EQ(table.rows(), (Rows{1, 0, 2})) << "1.91, 4.39 and none";
}

TEST(LayerTable, NamesTheWorstStallAndNotTheIssue) {
  const profiler::Profile profile = sample_profile();
  const Table table = layer_table(profile);
  EXPECT_EQ(table.columns().back().text(0), "load_use 12.9");
}

}  // namespace
}  // namespace mcusim::viewer
