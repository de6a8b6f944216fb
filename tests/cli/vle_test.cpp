// mcusim vle: the converter by itself.
#include <gtest/gtest.h>

#include <algorithm>

#include "command.h"
#include "common/files.h"

namespace mcusim::test {
namespace {

TEST(Vle, ConvertsAFile) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "in.s", "f:\n\tadd 3, 3, 4\n\tblr\n");
  const Outcome outcome = mcusim({"vle", "in.s", "-o", "out.s"}, folder.path());
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  const auto bytes = read_file(folder.path() / "out.s");
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), "f:\n\tse_add r3, r4\n\tse_blr\n");
}

TEST(Vle, RefusesWhatItDoesNotKnowAndWritesNothing) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "in.s", "f:\n\tfadd 1, 2, 3\n");
  const Outcome outcome = mcusim({"vle", "in.s", "-o", "out.s"}, folder.path());
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(std::ranges::count(outcome.errors, '\n'), 1) << outcome.errors;
  EXPECT_NE(outcome.errors.find("in.s:2: no VLE code for 'fadd 1, 2, 3'"), std::string::npos)
      << outcome.errors;
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "out.s"));
}

}  // namespace
}  // namespace mcusim::test
