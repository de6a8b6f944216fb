// mcusim vle: the converter by itself; and the profile of a network on an e200.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

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

TEST(Vle, RawBookECodeIsToldAsSuchWhereTheFlashBegins) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "a.bin", std::string("\x3c\x20\x40\x10\x94\x21\xff\xf0", 8));  // lis; stwu
  const Outcome outcome = mcusim({"run", "a.bin", "--mcu", "spc58ec80"}, folder.path());
  EXPECT_EQ(outcome.status, 3);
  EXPECT_NE(
      outcome.errors.find("a.bin: Program: an instruction that the core does not have (Book E code, or no "
                          "code), at 0x00fc0000"),
      std::string::npos)
      << outcome.errors;
}

#ifdef MCUSIM_VLE_CHAINS
TEST(Vle, AFaultIsToldWithItsLineAndTheCallsThatLedThere) {
  const Outcome outcome = mcusim({"run", MCUSIM_VLE_CHAINS, "--mcu", "spc58ec80"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_NE(outcome.errors.find("Machine check: read of 0x70000000, where nothing is, at 0x00fc"),
            std::string::npos)
      << outcome.errors;
  std::size_t at = 0;
  for (const char* line : {"in leaf (chains_vle.s:", "#0 0x00fc", "leaf (chains_vle.s:", "#1 0x00fc",
                           "middle (chains_vle.s:", "#2 0x00fc", "nested (chains_vle.s:", "#3 0x00fc",
                           "reset_handler (chains_vle.s:"}) {
    at = outcome.errors.find(line, at);
    ASSERT_NE(at, std::string::npos) << line << " in\n" << outcome.errors;
  }
}
#endif

TEST(Vle, EveryExportShowsTheProfileOfANetworkAndItsCyclesAreAllThere) {
  const TemporaryDirectory folder;
  const std::string model = MCUSIM_SOURCE_DIR "/examples/saline/saline_int8.tflite";
  const Outcome run = mcusim(
      {"run", model, "--mcu", "spc58ec80", "--timing", "full", "--profile", "a.mcuprof", "--json", "a.json"},
      folder.path());
  ASSERT_EQ(run.status, 0) << run.errors;
  EXPECT_EQ(run.errors.find("warning"), std::string::npos) << run.errors;
  const auto bytes = read_file(folder.path() / "a.json");
  const auto json = nlohmann::json::parse(bytes.begin(), bytes.end());
  std::uint64_t functions = 0, paths = 0;
  for (const auto& function : json["functions"]) functions += function["self_cycles"].get<std::uint64_t>();
  EXPECT_EQ(functions, json["cycles"]);
  for (const char* format :
       {"text", "csv", "md", "html", "callgrind", "perfetto", "speedscope", "pprof", "lcov", "junit"}) {
    const Outcome report = mcusim({"report", "a.mcuprof", "--format", format}, folder.path());
    EXPECT_EQ(report.status, 0) << format << report.errors;
    EXPECT_FALSE(report.output.empty()) << format;
  }
  std::istringstream folded(mcusim({"report", "a.mcuprof", "--format", "folded"}, folder.path()).output);
  for (std::string line; std::getline(folded, line);) paths += std::stoull(line.substr(line.rfind(' ') + 1));
  EXPECT_EQ(paths, json["cycles"]);
}

}  // namespace
}  // namespace mcusim::test
