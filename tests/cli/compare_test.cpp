#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "command.h"
#include "common/files.h"

namespace mcusim::test {
namespace {

const std::string kElf = MCUSIM_FIRMWARE "/two_tasks.elf";
const std::string kModel = MCUSIM_SOURCE_DIR "/examples/saline/saline_int8.tflite";

std::string content_of(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  return {bytes.begin(), bytes.end()};
}

class CompareCommand : public testing::Test {
 protected:
  /// A profile of the firmware with this timing.
  std::string profile(const std::string& timing) {
    const std::string file = path(timing + ".mcuprof");
    const Outcome run = mcusim({"run", kElf, "--mcu", "stm32f446", "--timing", timing, "--profile", file});
    EXPECT_EQ(run.status, 0) << run.errors;
    return file;
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    write_file(folder_.path() / name, text);
    return path(name);
  }

 private:
  TemporaryDirectory folder_;
};

TEST_F(CompareCommand, AProfileEqualsItself) {
  const std::string full = profile("full");
  const Outcome outcome = mcusim({"compare", full, full, "--limit-error", "0"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("mean absolute error 0.00 %"), std::string::npos) << outcome.output;
}

TEST_F(CompareCommand, ADifferenceBeyondTheLimitIsStatus1AndStillShown) {
  const std::string full = profile("full"), table = profile("table"), json = path("c.json");
  const Outcome outcome = mcusim({"compare", full, table, "--limit-error", "0.5", "--json", json});
  EXPECT_EQ(outcome.status, 1) << outcome.output;
  EXPECT_EQ(outcome.errors, "mcusim: " + full + ": the error is more than 0.5 %\n");
  EXPECT_NE(outcome.output.find("\ntotal"), std::string::npos) << outcome.output;
  const auto result = nlohmann::json::parse(content_of(json));
  EXPECT_GT(std::abs(result["total"]["error_percent"].get<double>()), 0.5);
  EXPECT_EQ(mcusim({"compare", full, table, "--limit-error", "1000"}).status, 0);
}

TEST_F(CompareCommand, ACsvIsAReference) {
  const std::string full = profile("full");
  const auto report = nlohmann::json::parse(mcusim({"report", full, "--format", "json"}).output);
  const auto& function = report["functions"][0];
  const auto cycles = function["self_cycles"].get<std::uint64_t>();
  const auto csv = [&](std::uint64_t value) {
    return write("a.csv",
                 "layer,cycles\n" + function["name"].get<std::string>() + "," + std::to_string(value) + "\n");
  };
  EXPECT_EQ(mcusim({"compare", full, csv(cycles), "--limit-error", "0"}).status, 0);
  EXPECT_EQ(mcusim({"compare", full, csv(2 * cycles), "--limit-error", "49"}).status, 1);
  EXPECT_EQ(mcusim({"compare", full, csv(2 * cycles), "--limit-error", "51"}).status, 0);
}

TEST_F(CompareCommand, UnusableInputIsOneLineAndStatus2) {
  const std::string full = profile("full"), bytes = content_of(full);
  const std::string json = path("c.json");
  const auto refused = [&](const std::string& a, const std::string& b, const std::string& fault) {
    const Outcome outcome = mcusim({"compare", a, b, "--json", json});
    EXPECT_EQ(outcome.status, 2) << a << " " << b << outcome.output;
    EXPECT_NE(outcome.errors.find(fault), std::string::npos) << outcome.errors;
    EXPECT_EQ(std::ranges::count(outcome.errors, '\n'), 1) << outcome.errors;
    EXPECT_EQ(outcome.output, "");
    EXPECT_FALSE(std::filesystem::exists(json));
  };
  const std::string half = write("half.mcuprof", bytes.substr(0, bytes.size() / 2));
  refused(half, full, "damaged profile");
  refused(full, half, "damaged profile");
  refused(full, write("a.csv", "layer,cycles\nmain,many\n"), "line 2 has no number of cycles");
  refused(full, write("b.csv", "hello\n"), "neither a profile, a board log nor a CSV");
  refused(full, write("c.csv", "layer,cycles\nnobody,5\n"), "no layer or function in common");
  refused(full, write("log", "mcusim-log 1\nnetwork: x\n"), "the log ends before its line 'end'");
  refused(full, path("missing"), "missing");
  refused(kElf, full, "not a profile");
}

/// A network whose activations lie in RAM behind the data cache, because the part that it is built for has a
/// small DTCM, and a profile of it on the model.
class Calibration : public CompareCommand {
 protected:
  void SetUp() override {
    std::string part = kPart;
    const std::string size = "base = 0x20000000, size = 0x20000";
    part.replace(part.find(size), size.size(), "base = 0x20000000, size = 0x2000");
    elf_ = path("net.elf");
    const Outcome build = mcusim({"build", kModel, "--mcu", write("stm32h743.toml", part), "-o", elf_});
    ASSERT_EQ(build.status, 0) << build.errors;
    profile_ = profile_on("stm32h743");
  }
  std::string profile_on(const std::string& part) {
    const std::string file = path("net.mcuprof");
    const Outcome run = mcusim({"run", elf_, "--mcu", part, "--timing", "full", "--profile", file});
    EXPECT_EQ(run.status, 0) << run.errors;
    return file;
  }
  /// What a board would print whose RAM takes so many cycles before a line comes.
  std::string log_of_board(unsigned ram_overhead) {
    const std::string part =
        write("stm32h743.toml",
              kPart + "\n[line_fill]\nsource = \"test\"\nstatus = \"assumed\"\nram_overhead = { value = " +
                  std::to_string(ram_overhead) + " }\n");
    const Outcome run = mcusim({"run", elf_, "--mcu", part, "--timing", "full"});
    EXPECT_EQ(run.status, 0) << run.errors;
    return write("uart.log", run.output);
  }
  double total_error(const std::string& profile, const std::string& log) {
    mcusim({"compare", profile, log, "--json", path("c.json")});
    return std::abs(
        nlohmann::json::parse(content_of(path("c.json")))["total"]["error_percent"].get<double>());
  }

  const std::string kPart = content_of(MCUSIM_SOURCE_DIR "/mcu_models/parts/stm32h743.toml");
  std::string elf_, profile_;
};

TEST_F(Calibration, TheFirmwaresOwnLogIsAReference) {
  const Outcome outcome = mcusim({"compare", profile_, log_of_board(5), "--limit-error", "2"});
  // Reading the counter takes 33 cycles, which is much of the smallest layers.
  EXPECT_EQ(outcome.status, 0) << outcome.output << outcome.errors;
  EXPECT_NE(outcome.output.find("against board log of saline_int8 on stm32h743"), std::string::npos)
      << outcome.output;
}

TEST_F(Calibration, FindsWhatABoardsLogWasMadeWith) {
  const std::string log = log_of_board(19), part = path("fitted.toml");
  const double before = total_error(profile_, log);
  EXPECT_GT(before, 0.1);
  const Outcome outcome = mcusim({"compare", profile_, log, "--calibrate", part});
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("line_fill.ram_overhead                         5      19\n"),
            std::string::npos)
      << outcome.output;
  EXPECT_LT(total_error(profile_on(part), log), before / 20) << content_of(part);
  EXPECT_EQ(content_of(part).find("ram_beat"), std::string::npos) << "the log says nothing of it";
}

TEST_F(Calibration, ALogOfTheModelItselfChangesNothing) {
  const std::string part = path("fitted.toml");
  const Outcome outcome = mcusim({"compare", profile_, log_of_board(5), "--calibrate", part});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("part    not written"), std::string::npos) << outcome.output;
  EXPECT_FALSE(std::filesystem::exists(part));
}

TEST_F(Calibration, WithoutLayersOrFreeNumbersIsRefused) {
  const std::string full = profile("full"), csv = write("a.csv", "layer,cycles\nmain,5\ntotal,5\n");
  const Outcome outcome = mcusim({"compare", full, csv, "--calibrate", path("part.toml")});
  EXPECT_EQ(outcome.status, 2) << outcome.output;
  EXPECT_NE(outcome.errors.find("--calibrate needs layers"), std::string::npos) << outcome.errors;
  EXPECT_FALSE(std::filesystem::exists(path("part.toml")));
}

}  // namespace
}  // namespace mcusim::test
