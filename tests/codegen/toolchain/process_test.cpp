#include "codegen/toolchain/process.h"

#include <gtest/gtest.h>

#include "common/files.h"

namespace mcusim::codegen {
namespace {

using Status = CommandResult::Status;

class Process : public ::testing::Test {
 protected:
  std::vector<CommandResult> run(const std::vector<Command>& commands) {
    options_.folder = folder_.path();
    return run_commands(commands, options_);
  }
  TemporaryDirectory folder_;
  RunOptions options_;
};

TEST_F(Process, ResultsComeInTheOrderOfTheCommands) {
  const auto results = run({{"sh", "-c", "sleep 0.2; echo first"}, {"echo", "second"}, {"echo", "third"}});
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0].output, "first\n");
  EXPECT_EQ(results[1].output, "second\n");
  EXPECT_EQ(results[2].output, "third\n");
}

TEST_F(Process, ArgumentsAreNotInterpretedByAShell) {
  EXPECT_EQ(run({{"echo", "$(id); *"}})[0].output, "$(id); *\n");
}

TEST_F(Process, WorksInTheGivenFolder) {
  EXPECT_EQ(run({{"pwd"}})[0].output, folder_.path().string() + "\n");
}

TEST_F(Process, ErrorOutputAndExitCodeAreKept) {
  const CommandResult result = run({{"sh", "-c", "echo bad >&2; exit 3"}})[0];
  EXPECT_EQ(result.status, Status::done);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.output, "bad\n");
}

TEST_F(Process, NothingIsStartedAfterAFailure) {
  options_.parallel = 1;
  const auto results = run({{"false"}, {"touch", "made"}});
  EXPECT_EQ(results[1].exit_code, -1);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "made"));
}

TEST_F(Process, MissingProgramIsReported) {
  EXPECT_EQ(run({{"no-such-program-anywhere"}})[0].status, Status::not_found);
}

TEST_F(Process, ProgramAndItsChildrenAreKilledAtTheTimeLimit) {
  options_.time_limit = std::chrono::milliseconds(200);
  const auto results = run({{"sh", "-c", "sleep 100 & echo $! > child; wait"}});
  EXPECT_EQ(results[0].status, Status::timed_out);
  const auto bytes = read_file(folder_.path() / "child");
  const std::string child = std::string(bytes.begin(), bytes.end() - 1);
  // Ends once it is gone, or a zombie that nobody has reaped yet.
  options_.time_limit = std::chrono::seconds(60);
  const std::string status = "/proc/" + child + "/status";
  const auto wait = run({{"sh", "-c", "while grep -q '^State:.[^ZX]' " + status + "; do sleep 0.01; done"}});
  EXPECT_EQ(wait[0].status, Status::done) << "process " << child << " lives on";
}

TEST_F(Process, EndlessOutputIsCutInMemory) {
  const auto results = run({{"head", "-c", "1000000", "/dev/zero"}});
  EXPECT_EQ(results[0].exit_code, 0);
  EXPECT_EQ(results[0].output.size(), 65536u);
}

}  // namespace
}  // namespace mcusim::codegen
