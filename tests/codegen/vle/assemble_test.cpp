// GNU as takes what the converter writes.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "codegen/toolchain/vle/convert.h"
#include "common/files.h"
#include "tests/codegen/vle/rule_examples.h"

namespace mcusim::codegen::vle::testing {
namespace {

bool has_assembler() { return std::system("powerpc-linux-gnu-as --version > /dev/null 2>&1") == 0; }

/// What as and its warnings say; empty when all is well.
std::string assembled(const std::string& assembly) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "test.s", assembly);
  const std::string command = fmt::format(
      "cd '{}' && powerpc-linux-gnu-as -mvle -mspe -mregnames --fatal-warnings test.s -o test.o > messages "
      "2>&1",
      folder.path().string());
  if (std::system(command.c_str()) == 0) return {};
  const auto messages = read_file(folder.path() / "messages");
  return {messages.begin(), messages.end()};
}

class Assemble : public ::testing::TestWithParam<RuleExample> {};

TEST_P(Assemble, TakesTheExample) {
  if (!has_assembler()) GTEST_SKIP() << "powerpc-linux-gnu-as is missing";
  const std::string output = convert(fmt::format("f:\nhere:\n\t{}\n", GetParam().input), "test.s");
  EXPECT_EQ(assembled(output), "") << output;
}

INSTANTIATE_TEST_SUITE_P(Examples, Assemble, ::testing::ValuesIn(kRuleExamples));

// The displacements that the layout expects to fit do fit, and those beyond them would not.
TEST(Assemble, TakesBranchesAtTheirLimits) {
  if (!has_assembler()) GTEST_SKIP() << "powerpc-linux-gnu-as is missing";
  std::string body = "f:\n";
  for (int i = 0; i < 127; ++i) body += "\tadd 3, 3, 4\n";
  EXPECT_EQ(assembled(convert(body + "\tbeq 0, f\n", "t")), "");
  for (int i = 127; i < 16383; ++i) body += "\tadd 3, 3, 4\n";
  EXPECT_EQ(assembled(convert(body + "\tbeq 0, f\n", "t")), "");
  EXPECT_EQ(assembled(convert(body + "\tadd 3, 3, 4\n\tbeq 0, f\n\tbdnz f\n", "t")), "");
}

}  // namespace
}  // namespace mcusim::codegen::vle::testing
