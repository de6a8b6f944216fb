// What the converter does not know it refuses, naming line and instruction.
#include <gtest/gtest.h>

#include <string>

#include "codegen/toolchain/vle/convert.h"
#include "common/error.h"

namespace mcusim::codegen::vle::testing {
namespace {

std::string refusal(const std::string& input) {
  try {
    return "converted: " + convert("f:\n\tnop\n\t" + input + "\n", "net.s");
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(Refusal, NamesLineAndInstruction) {
  EXPECT_EQ(
      refusal("evmergelo 3, 4, 5"),
      "net.s:3: no VLE code for 'evmergelo 3, 4, 5': the instruction is unknown; compile with the flags "
      "of docs/vle.md");
}

TEST(Refusal, OfTheConvertersOwnRegisters) {
  EXPECT_NE(refusal("add 3, 13, 4").find("r13 belongs to the converter"), std::string::npos);
  EXPECT_NE(refusal("lwz 2, 0(4)").find("r2 belongs to the converter"), std::string::npos);
  EXPECT_NE(refusal("lwz 3, 0(13)").find("r13 belongs to the converter"), std::string::npos);
}

class RefusedInstruction : public ::testing::TestWithParam<const char*> {};

TEST_P(RefusedInstruction, HasOneLine) {
  const std::string message = refusal(GetParam());
  EXPECT_TRUE(message.starts_with("net.s:3: no VLE code for '")) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, RefusedInstruction,
    ::testing::Values("lfs 1, 0(3)", "fadd 1, 2, 3",                       // There are no FPRs.
                      "lvx 1, 2, 3", "evfsadd 3, 4, 5", "efdadd 3, 4, 5",  // No vectors, no double.
                      "ba 256", "li 3, table",                             // No such form.
                      "addi 3, 0, 1",                             // r0 is read as 0 in one, not the other.
                      "bc 16, 0, f", "bc 8, 2, f", "bdnzf 2, f",  // Count and condition in one.
                      "add. 3, 4", "add 3, 4, 5, 6", "add 3, 4, x", "add 3, 4, 32", "add", "lwz 3",
                      "lwz 3, 4", "lwz 3, 40000(4)", "lwz 3, x(4)", "cmpwi 8, 3, 0", "cmpwi 3, 70000",
                      "isel 3, 4, 5, 32", "isel 3, 4, 5, 4*cr9+eq", "slwi 3, 4, 32", "mtcrf 256, 3", "blt",
                      "blt 0, 1, f", "beqlr 0, 1", "mcrf 0", "blr 3", "rlwnm. 3, 4, 5, 0, 31", "ori. 3, 3, 1",
                      "lis 3, 70000", "b", "bl"));

}  // namespace
}  // namespace mcusim::codegen::vle::testing
