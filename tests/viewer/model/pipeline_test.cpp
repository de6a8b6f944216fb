#include "viewer/model/pipeline.h"

#include <gtest/gtest.h>

#include "../sample_profile.h"

namespace mcusim::viewer {
namespace {

using profiler::Profile;
using profiler::TracedStep;

const Profile kProfile = sample_profile();
constexpr std::size_t kLoadUse = 1, kMispredict = 2, kMiss = 3;

TEST(Pipeline, EachRowBeginsWhereTheOneBeforeEnds) {
  const PipelineDiagram diagram(kProfile);
  ASSERT_EQ(diagram.rows().size(), kProfile.trace.steps.size());
  Cycles end = 0;
  for (const PipelineRow& row : diagram.rows()) {
    EXPECT_EQ(row.begin, end);
    end = row.end;
  }
  EXPECT_EQ(diagram.cycles(), end);
}

TEST(Pipeline, TheYoungerOfAPairIssuesInTheSameCycleAsTheOlder) {
  const PipelineDiagram diagram(kProfile);
  const PipelineRow &older = diagram.rows()[8], &younger = diagram.rows()[9];
  EXPECT_FALSE(older.is_younger);
  EXPECT_TRUE(younger.is_younger);
  EXPECT_EQ(younger.issue, older.issue);
}

TEST(Pipeline, OperandsAreWaitedForBeforeTheIssueAndMemoryBehindIt) {
  const PipelineDiagram diagram(kProfile);
  const PipelineRow &load = diagram.rows()[1], &multiply = diagram.rows()[3];
  EXPECT_EQ(load.issue, load.begin);
  const auto miss = diagram.cells(1);
  ASSERT_EQ(miss.size(), 1u);
  EXPECT_EQ(miss[0].cause, kMiss);
  EXPECT_EQ(miss[0].begin, load.begin + 1);
  EXPECT_EQ(miss[0].end, load.end);
  EXPECT_EQ(multiply.issue, multiply.begin + 2);
  const auto wait = diagram.cells(3);
  ASSERT_EQ(wait.size(), 1u);
  EXPECT_EQ(wait[0].cause, kLoadUse);
  EXPECT_EQ(wait[0].end, multiply.issue);
}

TEST(Pipeline, CyclesOfABranchStandBeforeTheTargetOrBehindTheBranch) {
  const PipelineDiagram diagram(kProfile);
  const std::size_t branch = 11, handler = 13;
  EXPECT_FALSE(diagram.rows()[branch].is_landing);
  EXPECT_EQ(diagram.rows()[branch].issue, diagram.rows()[branch].begin);
  EXPECT_EQ(diagram.cells(branch)[0].cause, kMispredict);
  EXPECT_TRUE(diagram.rows()[handler].is_landing);
  EXPECT_EQ(diagram.rows()[handler].issue, diagram.rows()[handler].begin + 2);
}

TEST(Pipeline, CellsAndIssueFillEveryCycleOfARow) {
  const PipelineDiagram diagram(kProfile);
  for (std::size_t i = 0; i < diagram.rows().size(); ++i) {
    const PipelineRow& row = diagram.rows()[i];
    Cycles covered = row.issue && !row.is_younger ? 1 : 0;
    for (const PipelineCell& cell : diagram.cells(i)) {
      EXPECT_TRUE(row.is_younger || !row.issue || cell.end <= *row.issue || cell.begin > *row.issue) << i;
      covered += cell.end - cell.begin;
    }
    EXPECT_EQ(covered, row.end - row.begin) << i;
  }
}

TEST(Pipeline, AYoungerLoadThatMissesIsStillTheYounger) {
  Profile profile = kProfile;
  profile.trace.steps[9] = {TracedStep::Kind::issued, 0x080006aa, 5, {{3, 5}}};
  const PipelineDiagram diagram(profile);
  EXPECT_TRUE(diagram.rows()[9].is_younger);
  EXPECT_EQ(diagram.rows()[9].issue, diagram.rows()[8].issue);
  EXPECT_EQ(diagram.cells(9)[0].begin, diagram.rows()[9].begin);
}

TEST(Pipeline, AnExceptionIssuesNothing) {
  const PipelineDiagram diagram(kProfile);
  EXPECT_EQ(diagram.rows()[12].issue, std::nullopt);
  EXPECT_EQ(diagram.text(12), "(entry of an exception)");
  EXPECT_EQ(diagram.text(11), "(pop {r4, pc})") << "suppressed";
}

TEST(Pipeline, WithoutCausesTheCyclesAreThere) {
  Profile profile = kProfile;
  for (TracedStep& step : profile.trace.steps) step.spent.clear();
  const PipelineDiagram diagram(profile);
  ASSERT_EQ(diagram.cells(0).size(), 1u);
  EXPECT_EQ(diagram.cells(0)[0].cause, PipelineCell::kUnknown);
  EXPECT_EQ(diagram.cells(0)[0].end, diagram.rows()[0].end);
}

TEST(Pipeline, StallsAreFoundInBothDirections) {
  const PipelineDiagram diagram(kProfile);
  EXPECT_EQ(diagram.next_stall(0), 1u);
  EXPECT_EQ(diagram.next_stall(3), 8u);
  EXPECT_EQ(diagram.previous_stall(8), 3u);
  EXPECT_EQ(diagram.next_stall(13), std::nullopt);
  EXPECT_EQ(diagram.previous_stall(0), std::nullopt);
}

TEST(Pipeline, CodesOfCausesAreTwoLetters) {
  EXPECT_EQ(cause_code("load_use"), "lu");
  EXPECT_EQ(cause_code("fpu"), "fp");
  EXPECT_EQ(cause_code("x"), "x");
  EXPECT_EQ(cause_code("x_"), "x_");
}

}  // namespace
}  // namespace mcusim::viewer
