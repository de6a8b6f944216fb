#include "codegen/toolchain/c_text.h"

#include <gtest/gtest.h>

namespace mcusim::codegen {
namespace {

TEST(CText, StringLiteralsEscapeQuotesBackslashesTrigraphsAndControls) {
  EXPECT_EQ(c_string("conv 1"), "\"conv 1\"");
  EXPECT_EQ(c_string("a\"b\\c?"), "\"a\\\"b\\\\c\\?\"");
  EXPECT_EQ(c_string("\n1"), "\"\\0121\"");
  EXPECT_EQ(c_string("\xc3\xa4"), "\"\\303\\244\"");
}

TEST(CText, CommentsCanBeNeitherEndedNorContinued) {
  EXPECT_EQ(c_comment("HSI on"), "/* HSI on */");
  EXPECT_EQ(c_comment("a */ b"), "/* a * / b */");
  EXPECT_EQ(c_comment("a /* b"), "/* a / * b */");
  EXPECT_EQ(c_comment("a\nb\\"), "/* a b  */");
}

TEST(CText, TableWordsHaveNoBlanks) {
  EXPECT_EQ(table_word("model/conv 1\t"), "model/conv_1_");
  EXPECT_EQ(table_word(""), "-");
}

TEST(CText, IdentifiersStartWithALetter) {
  EXPECT_TRUE(is_identifier("net_run"));
  EXPECT_FALSE(is_identifier("1net"));
  EXPECT_FALSE(is_identifier("a b"));
  EXPECT_FALSE(is_identifier(""));
}

}  // namespace
}  // namespace mcusim::codegen
