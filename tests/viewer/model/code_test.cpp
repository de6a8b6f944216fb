#include "viewer/model/code.h"

#include <gtest/gtest.h>

#include "../sample_profile.h"
#include "common/files.h"

namespace mcusim::viewer {
namespace {

constexpr std::size_t kDot = 5;

TEST(Code, HoldsTheInstructionsOfTheFunctionAlone) {
  const profiler::Profile profile = sample_profile();
  const FunctionCode code = code_of(profile, kDot);
  ASSERT_EQ(code.instructions.size(), 7u);
  EXPECT_EQ(code.instructions.front().instruction->address, 0x080006a0u);
  EXPECT_EQ(code.instructions.back().instruction->address, 0x080006aeu);
}

TEST(Code, HeatIsRelativeToTheMostExpensiveInstruction) {
  const profiler::Profile profile = sample_profile();
  const FunctionCode code = code_of(profile, kDot);
  EXPECT_DOUBLE_EQ(code.instructions[1].heat, 1);
  EXPECT_NEAR(code.instructions[3].heat, 8'000.0 / 14'140, 1e-12);
  EXPECT_EQ(code.instructions[1].worst_stall, "load_use 28.3");
}

TEST(Code, LinesAddUpTheirInstructions) {
  const profiler::Profile profile = sample_profile();
  const FunctionCode code = code_of(profile, kDot);
  EXPECT_FALSE(code.file_was_found);
  ASSERT_EQ(code.lines.size(), 4u) << "lines 3, 5, 6 and 8";
  EXPECT_EQ(code.lines[1].line, 5u);
  EXPECT_EQ(code.lines[1].cycles, 14'140u + 9'000 + 8'000 + 2'720);
  EXPECT_EQ(code.lines[1].count, 8'000u);
  EXPECT_DOUBLE_EQ(code.lines[1].heat, 1);
}

TEST(Code, ShowsTheSourceThatIsThere) {
  const TemporaryDirectory folder;
  const std::string file = (folder.path() / "dot_product.c").string();
  write_file(file, "1\n2\nint dot(void) {\n4\n  loop\n  body\n7\n}\n9\n");
  profiler::Profile profile = sample_profile();
  profile.functions[kDot].file = file;
  for (emulator::SourceLocation& place : profile.source_places) place.at.file = file;
  const FunctionCode code = code_of(profile, kDot);
  EXPECT_TRUE(code.file_was_found);
  ASSERT_EQ(code.lines.size(), 9u) << "some lines around the function";
  EXPECT_EQ(code.lines[4].text, "  loop");
  EXPECT_EQ(code.lines[3].cycles, 0u);
}

TEST(Code, InlinedCodeCountsForTheLineItWasInlinedInto) {
  profiler::Profile profile = sample_profile();
  profile.source_places[2] = {{"multiply", "math.h", 70}, {{"dot", "dot_product.c", 7}}};
  const FunctionCode code = code_of(profile, kDot);
  EXPECT_EQ(code.instructions[3].line, 7u);
}

TEST(Code, SearchGoesOnBehindTheLastFindAndRoundTheEnd) {
  const profiler::Profile profile = sample_profile();
  const FunctionCode code = code_of(profile, kDot);
  EXPECT_EQ(code.find("LDRSB", 0), 1u);
  EXPECT_EQ(code.find("ldrsb", 2), 2u);
  EXPECT_EQ(code.find("ldrsb", 3), 1u);
  EXPECT_EQ(code.find("080006a6", 0), 3u);
  EXPECT_EQ(code.find("vmul", 0), std::nullopt);
}

TEST(BranchTarget, IsThatOfBranchesAlone) {
  EXPECT_EQ(branch_target("bl #0x8000440"), 0x08000440u);
  EXPECT_EQ(branch_target("cbz r3, #0x8000448"), 0x08000448u);
  EXPECT_EQ(branch_target("bne.w #0x80006a2"), 0x080006a2u);
  for (const char* other :
       {"", "b", "bx lr", "bic r0, r0, #0x10", "cmp r0, #0x20", "movs r0, #0x8", "bl #0xzz"})
    EXPECT_EQ(branch_target(other), std::nullopt) << other;
}

}  // namespace
}  // namespace mcusim::viewer
