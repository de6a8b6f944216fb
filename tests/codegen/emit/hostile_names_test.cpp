// Names come from the model file: none may change what the generated C means or whether it compiles.
#include <gtest/gtest.h>

#include <limits>

#include "codegen/emit/c_text.h"
#include "codegen/emit/emit.h"
#include "tests/codegen/support/graphs.h"
#include "tests/codegen/support/host_network.h"

namespace mcusim::codegen::testing {
namespace {

class HostileNames : public ::testing::TestWithParam<std::string> {};

TEST_P(HostileNames, CompileAndLeaveResultsAlone) {
  const Graph plain = dense_chain(2, 4);
  Graph hostile = plain;
  hostile.name = GetParam();
  for (Tensor& tensor : hostile.tensors) tensor.name = GetParam();
  for (Node& node : hostile.nodes) {
    node.name = GetParam();
    node.op = GetParam();
  }
  const std::vector<HostNetwork> compiled =
      HostCompiler().compile({emit_c(plain, plan_memory(plain), {.prefix = "plain"}),
                              emit_c(hostile, plan_memory(hostile), {.prefix = "hostile"})});
  const std::vector<Bytes> input = {{10, 200, 30, 140}};
  EXPECT_EQ(compiled[0].run(input), compiled[1].run(input));
}

INSTANTIATE_TEST_SUITE_P(Names, HostileNames,
                         ::testing::Values("", "*/ int evil; /*", "\"; #error no\n#error no", "a?\?/\nb?\?/",
                                           "back\\", "// \\", "%s%n", std::string("nul\0nul", 7),
                                           "\xff\xfe\x80", "caf\xc3\xa9", "\t\r\n\v\f", "/* nested",
                                           "#include \"/etc/passwd\"", std::string(100000, 'x'),
                                           std::string(5000, '?'), "int", "9 lives"));

TEST(CText, FloatLiteralsAreExactAndTyped) {
  EXPECT_EQ(c_float(1), "1.0f");
  EXPECT_EQ(c_float(0.1f), "0.100000001f");
  EXPECT_EQ(c_float(-1e20f), "-1.00000002e+20f");
  EXPECT_EQ(c_float(std::numeric_limits<float>::infinity()), "INFINITY");
  EXPECT_EQ(c_float(std::numeric_limits<float>::quiet_NaN()), "NAN");
}

TEST(CText, SmallestIntegerHasNoLiteralOfItsOwn) { EXPECT_EQ(c_int(-2147483648LL), "(-2147483647 - 1)"); }

TEST(CText, LongListsAreBrokenIntoLines) {
  const std::vector<std::string> items(200, "-128");
  const std::string text = c_list(items, "  ");
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    EXPECT_LE(end - begin, 110u);
    begin = end + 1;
  }
}

}  // namespace
}  // namespace mcusim::codegen::testing
