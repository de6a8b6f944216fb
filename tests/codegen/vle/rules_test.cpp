// Each conversion rule by an example, and what lies around instructions.
#include <gtest/gtest.h>

#include <string>

#include "codegen/toolchain/vle/convert.h"
#include "tests/codegen/vle/rule_examples.h"

namespace mcusim::codegen::vle::testing {
namespace {

/// The converted lines of a function with the label "here", parted by "; ".
std::string converted(const std::string& input) {
  std::string text = convert("function:\nhere:\n\t" + input + "\n", "test.s");
  constexpr std::string_view kBefore = "function:\nhere:\n";
  EXPECT_TRUE(text.starts_with(kBefore)) << text;
  text.erase(0, kBefore.size());
  std::string lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::size_t begin = text[at] == '\t' ? at + 1 : at;
    lines += (lines.empty() ? "" : "; ") + text.substr(begin, end - begin);
    at = end + 1;
  }
  return lines;
}

class Rules : public ::testing::TestWithParam<RuleExample> {};

TEST_P(Rules, ConvertTheExample) { EXPECT_EQ(converted(GetParam().input), GetParam().output); }

INSTANTIATE_TEST_SUITE_P(Examples, Rules, ::testing::ValuesIn(kRuleExamples));

TEST(Convert, KeepsDirectivesAndTheirStrings) {
  EXPECT_EQ(convert("\t.section\t.rodata\n.Lname:\n\t.asciz\t\"a # b; c\"\n", "test.s"),
            "\t.section\t.rodata\n.Lname:\n\t.asciz\t\"a # b; c\"\n");
}

TEST(Convert, CallFrameTablesFollowRegistersThatWereSavedAsPairs) {
  EXPECT_EQ(
      converted(".cfi_offset r14, -160\n\t.cfi_offset r31, -4\n\t.cfi_offset lr, 4\n\tevstdd 14, 80(1)"),
      ".cfi_offset r14, -156; .cfi_offset r31, -4; .cfi_offset lr, 4; e_stw r14, 84(r1)");
}

TEST(Convert, DropsCommentsOfInstructions) {
  EXPECT_EQ(converted("li 3, 1                # add 3, 4"), "se_li r3, 1");
}

TEST(Convert, PartsInlineAssemblyAtSemicolons) {
  EXPECT_EQ(converted("isync; li 3, 1"), "se_isync; se_li r3, 1");
}

// CR5 can only be branched on by way of CR0 when CR1 to CR3 (clang's 1, 5 and 6) are all taken; CR0 is as
// before on both ways.
TEST(Convert, BorrowsCr0WhereNoFieldIsSpare) {
  EXPECT_EQ(converted("cmpw 1, 3, 4; cmpw 5, 3, 4; cmpw 6, 3, 4; bc 12, 10, here"),
            "cmpw cr1, r3, r4; cmpw cr2, r3, r4; cmpw cr3, r3, r4; "
            "mfcr r13; e_mcrf cr0, cr5; se_bne .Lvle1; mtcrf 128, r13; se_b here; .Lvle1:; mtcrf 128, r13");
}

// A spare field belongs to one function.
TEST(Convert, FindsSpareFieldsForEachFunction) {
  const std::string text = convert("one:\n\tcmpw 6, 3, 4\ntwo:\n\tbc 12, 10, two\n", "test.s");
  EXPECT_NE(text.find("e_mcrf cr3, cr5"), std::string::npos) << text;
}

}  // namespace
}  // namespace mcusim::codegen::vle::testing
