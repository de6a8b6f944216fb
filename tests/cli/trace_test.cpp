#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command.h"
#include "common/files.h"

// firmware/trace.c: ITM and DWT as the command line shows them.
namespace mcusim::test {
namespace {

const std::string kFirmware = MCUSIM_FIRMWARE "/trace.elf";

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

nlohmann::json json_of(const std::filesystem::path& path) {
  const auto content = read_file(path);
  return nlohmann::json::parse(content.begin(), content.end());
}

TEST(Trace, StimulusPort0IsStandardOutputOnEveryEngine) {
  for (const std::vector<std::string>& engine : std::vector<std::vector<std::string>>{
           {"--engine", "native"}, {"--engine", "unicorn"}, {"--lockstep"}}) {
    std::vector<std::string> command{"run", kFirmware, "--mcu", "stm32f407"};
    command.insert(command.end(), engine.begin(), engine.end());
    const Outcome outcome = mcusim(command);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.output.substr(0, outcome.output.find('\n') + 1), "trace: done, counted\n");
    EXPECT_EQ(outcome.output.find("not shown"), std::string::npos) << "port 1";
  }
}

TEST(Trace, UntilUartSeesWhatTheItmPrints) {
  const Outcome outcome = mcusim({"run", kFirmware, "--mcu", "stm32f407", "--until", "uart:done"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("reached the text of --until"), std::string::npos) << outcome.output;
}

TEST(Trace, ADwtThatWasNeverUnlockedIsWarnedOfOnce) {
  const TemporaryDirectory folder;
  for (const std::string engine : {"native", "unicorn"}) {
    const Outcome outcome = mcusim(
        {"run", kFirmware, "--mcu", "stm32h743", "--engine", engine, "--json", "r.json"}, folder.path());
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_NE(outcome.output.find("counted"), std::string::npos) << outcome.output;
    EXPECT_EQ(count(outcome.errors, "never unlocked the DWT"), 1u) << outcome.errors;
    EXPECT_NE(outcome.errors.find("would stand still"), std::string::npos) << outcome.errors;
    EXPECT_EQ(count(json_of(folder.path() / "r.json")["warnings"].dump(), "never unlocked the DWT"), 1u);
  }
}

TEST(Trace, AnEnforcedLockStopsTheCounterAndIsNamedToo) {
  const Outcome outcome = mcusim({"run", kFirmware, "--mcu", "stm32h743", "--dwt-lock", "on"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("stood still"), std::string::npos) << outcome.output;
  EXPECT_EQ(count(outcome.errors, "never unlocked the DWT"), 1u) << outcome.errors;
}

TEST(Trace, ACoreWithoutLockGivesNoWarning) {
  const TemporaryDirectory folder;
  const Outcome outcome = mcusim({"run", kFirmware, "--mcu", "stm32f407", "--json", "r.json"}, folder.path());
  EXPECT_EQ(outcome.errors, "");
  EXPECT_TRUE(json_of(folder.path() / "r.json")["warnings"].empty());
}

}  // namespace
}  // namespace mcusim::test
