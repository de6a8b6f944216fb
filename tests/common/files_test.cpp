#include "common/files.h"

#include <gtest/gtest.h>

#include "common/error.h"

namespace mcusim {
namespace {

std::string fault_of(const std::filesystem::path& path) {
  try {
    read_file(path, 16);
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

TEST(Files, UnusableInputIsNamedWithItsFault) {
  const TemporaryDirectory folder;
  EXPECT_NE(fault_of(folder.path() / "missing").find("no such file"), std::string::npos);
  EXPECT_NE(fault_of(folder.path()).find("not a regular file"), std::string::npos);
  write_file(folder.path() / "empty", std::string_view{});
  EXPECT_NE(fault_of(folder.path() / "empty").find("is empty"), std::string::npos);
  write_file(folder.path() / "large", std::string_view("0123456789abcdefg"));
  EXPECT_NE(fault_of(folder.path() / "large").find("17 bytes are more than the 16"), std::string::npos);
}

TEST(Files, AFailedWriteLeavesNothingBehind) {
  const TemporaryDirectory folder;
  EXPECT_THROW(write_file(folder.path() / "no" / "such" / "folder", std::string_view("x")), InputError);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Files, AnExistingFileIsReplacedWhole) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "file", std::string_view("old and longer"));
  write_file(folder.path() / "file", std::string_view("new"));
  const auto content = read_file(folder.path() / "file");
  EXPECT_EQ(std::string(content.begin(), content.end()), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

}  // namespace
}  // namespace mcusim
