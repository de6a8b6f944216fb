// Which form a branch gets, by the distance of its label.
#include <gtest/gtest.h>

#include <string>

#include "codegen/toolchain/vle/convert.h"

namespace mcusim::codegen::vle::testing {
namespace {

std::string repeated(int count, const std::string& line) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line;
  return text;
}

const std::string kTwoBytes = "\tadd 3, 3, 4\n";
const std::string kFourBytes = "\tadd 3, 4, 5\n";

std::string last_line(const std::string& text) {
  const std::size_t at = text.rfind('\n', text.size() - 2);
  return text.substr(at + 1);
}

TEST(Layout, ShortBranchReaches254BytesBack) {
  EXPECT_EQ(last_line(convert("f:\n" + repeated(127, kTwoBytes) + "\tb f\n", "t")), "\tse_b f\n");
  EXPECT_EQ(last_line(convert("f:\n" + repeated(128, kTwoBytes) + "\tb f\n", "t")), "\te_b f\n");
  EXPECT_EQ(last_line(convert("f:\n" + repeated(128, kTwoBytes) + "\tbeq f\n", "t")), "\te_beq cr0, f\n");
}

TEST(Layout, ShortBranchReaches254BytesForward) {
  const auto first = [](int instructions) {
    const std::string text = convert("\tbeq 0, end\n" + repeated(instructions, kTwoBytes) + "end:\n", "t");
    return text.substr(0, text.find('\n'));
  };
  EXPECT_EQ(first(126), "\tse_beq end");  // Its own two bytes count.
  EXPECT_EQ(first(127), "\te_beq cr0, end");
}

TEST(Layout, AlignmentCountsInFull) {
  EXPECT_EQ(last_line(convert("f:\n" + repeated(120, kTwoBytes) + "\t.p2align 4\n\tb f\n", "t")),
            "\te_b f\n");
}

TEST(Layout, DataBetweenMakesDistancesUnknown) {
  EXPECT_EQ(last_line(convert("f:\n\t.zero 4\n\tb f\n", "t")), "\te_b f\n");
}

TEST(Layout, ConditionalBranchBeyond32KbBecomesABranchOverAJump) {
  const std::string far = "f:\n" + repeated(8192, kFourBytes);
  EXPECT_TRUE(convert(far + "\tbeq 0, f\n", "t").ends_with("\te_bne cr0, . + 8\n\te_b f\n"));
  EXPECT_TRUE(convert(far + "\tbdnz f\n", "t").ends_with("\te_bdz . + 8\n\te_b f\n"));
}

}  // namespace
}  // namespace mcusim::codegen::vle::testing
