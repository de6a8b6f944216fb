#include "codegen/toolchain/text.h"

#include <gtest/gtest.h>

namespace mcusim::codegen {
namespace {

TEST(FirmwareText, TableWordsHaveNoBlanks) {
  EXPECT_EQ(table_word("model/conv 1\t"), "model/conv_1_");
  EXPECT_EQ(table_word(""), "-");
  EXPECT_EQ(table_word(std::string(100, 'a')).size(), 40u);
}

TEST(FirmwareText, IdentifiersStartWithALetter) {
  EXPECT_TRUE(is_identifier("net_run"));
  EXPECT_FALSE(is_identifier("1net"));
  EXPECT_FALSE(is_identifier("a b"));
  EXPECT_FALSE(is_identifier(""));
}

}  // namespace
}  // namespace mcusim::codegen
