#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command.h"
#include "common/files.h"

namespace mcusim::test {
namespace {

namespace fs = std::filesystem;

const std::string kNewlib = MCUSIM_FIRMWARE "/newlib_semihosting.elf";
const std::string kByHand = MCUSIM_FIRMWARE "/hand_semihosting.elf";

nlohmann::json json_of(const fs::path& path) {
  std::ifstream stream(path);
  return nlohmann::json::parse(stream);
}

TEST(Semihosting, ANewlibProgramUsesConsoleFilesAndExitStatus) {
  const TemporaryDirectory folder;
  fs::create_directory(folder.path() / "files");
  const Outcome run = mcusim({"run", kNewlib, "--mcu", "stm32f407", "--engine", "native", "--semihost-dir",
                              "files", "--json", "run.json"},
                             folder.path(), "some input\n");
  EXPECT_EQ(run.status, 0) << run.errors;
  EXPECT_TRUE(run.output.starts_with("1 argument: newlib_semihosting.elf\noutside: refused\n")) << run.output;
  EXPECT_NE(run.errors.find("a warning\n"), std::string::npos) << run.errors;
  const auto bytes = read_file(folder.path() / "files" / "out.txt");
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), "SOME INPUT\n");
  EXPECT_FALSE(fs::exists(folder.path() / "escape.txt"));
  const nlohmann::json json = json_of(folder.path() / "run.json");
  EXPECT_EQ(json["exit"]["reason"], "exit_request");
  EXPECT_EQ(json["exit"]["code"], 42);
}

TEST(Semihosting, WithoutADirectoryTheProgramGetsNoFile) {
  const TemporaryDirectory folder;
  const Outcome run = mcusim(
      {"run", kNewlib, "--mcu", "stm32f407", "--engine", "native", "--json", "run.json"}, folder.path());
  EXPECT_NE(run.output.find("no file\n"), std::string::npos) << run.output;
  EXPECT_EQ(json_of(folder.path() / "run.json")["exit"]["code"], 1);
  EXPECT_FALSE(fs::exists(folder.path() / "out.txt"));
}

TEST(Semihosting, WorksByHandOnTheSmallestCore) {
  const TemporaryDirectory folder;
  const Outcome run = mcusim(
      {"run", kByHand, "--mcu", "stm32g0b1", "--engine", "native", "--json", "run.json"}, folder.path());
  EXPECT_TRUE(run.output.starts_with("by hand\n")) << run.output << run.errors;
  EXPECT_EQ(json_of(folder.path() / "run.json")["exit"]["code"], 1) << "a run-time error";
}

TEST(Semihosting, ADirectoryThatIsMissingIsNamed) {
  const Outcome run = mcusim(
      {"run", kByHand, "--mcu", "stm32g0b1", "--engine", "native", "--semihost-dir", "/nowhere/at/all"});
  EXPECT_EQ(run.status, 2);
  EXPECT_NE(run.errors.find("--semihost-dir /nowhere/at/all: No such file"), std::string::npos) << run.errors;
}

}  // namespace
}  // namespace mcusim::test
