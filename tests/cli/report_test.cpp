#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command.h"
#include "common/files.h"

namespace mcusim::test {
namespace {

const std::string kElf = MCUSIM_FIRMWARE "/two_tasks.elf";

std::string content_of(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  return {bytes.begin(), bytes.end()};
}

class ReportCommand : public testing::Test {
 protected:
  void SetUp() override {
    const Outcome run = mcusim({"run", kElf, "--mcu", "stm32f446", "--profile", profile(), "--json", json()});
    ASSERT_EQ(run.status, 0) << run.errors;
    shown_by_run_ = run.output;
  }
  std::string profile() const { return (folder_.path() / "a.mcuprof").string(); }
  std::string json() const { return (folder_.path() / "a.json").string(); }

  TemporaryDirectory folder_;
  std::string shown_by_run_;
};

TEST_F(ReportCommand, PrintsWhatTheRunPrinted) {
  const Outcome report = mcusim({"report", profile(), "--format", "text"});
  EXPECT_EQ(report.status, 0) << report.errors;
  EXPECT_TRUE(shown_by_run_.ends_with("\n" + report.output)) << report.output << "\nafter\n" << shown_by_run_;
}

TEST_F(ReportCommand, JsonIsThatOfTheRunButForTheTimeOnThisComputer) {
  const Outcome report = mcusim({"report", profile(), "--format", "json"});
  auto of_run = nlohmann::json::parse(content_of(json())), of_report = nlohmann::json::parse(report.output);
  EXPECT_TRUE(of_report["host_seconds"].is_null());
  for (auto* both : {&of_run, &of_report}) both->erase("host_seconds"), both->erase("mips");
  EXPECT_EQ(of_run, of_report);
}

TEST_F(ReportCommand, TheSameRunGivesTheSameBytes) {
  const std::string first = content_of(profile());
  mcusim({"run", kElf, "--mcu", "stm32f446", "--profile", profile()});
  EXPECT_EQ(content_of(profile()), first);
}

TEST_F(ReportCommand, WritesToAFile) {
  const std::string target = (folder_.path() / "a.md").string();
  EXPECT_EQ(mcusim({"report", profile(), "--format", "md", "-o", target}).status, 0);
  EXPECT_TRUE(content_of(target).starts_with("# ")) << content_of(target);
}

TEST_F(ReportCommand, UnusableInputIsOneLine) {
  const Outcome format = mcusim({"report", profile(), "--format", "xml"});
  EXPECT_EQ(format.status, 2);
  EXPECT_TRUE(format.errors.starts_with("mcusim: --format xml: not a format; use one of text, json, csv, md"))
      << format.errors;
  const Outcome file = mcusim({"report", kElf});
  EXPECT_EQ(file.status, 2);
  EXPECT_EQ(file.errors,
            "mcusim: " + kElf + ": not a profile; give a file that mcusim run --profile wrote\n");
}

}  // namespace
}  // namespace mcusim::test
