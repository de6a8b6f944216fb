#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "common/files.h"

// GDB itself against the program. The tests are skipped where gdb-multiarch is not installed.

namespace mcusim::test {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class Gdb : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("gdb-multiarch --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no gdb-multiarch";
  }
  void TearDown() override {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
  }

  /// Starts mcusim, waits for its port, lets GDB execute the commands, and returns what GDB printed.
  std::string debug(const std::vector<std::string>& commands) {
    start();
    const std::string port = wait_for_port();
    EXPECT_FALSE(port.empty()) << content(folder.path() / "err");
    std::ofstream script(folder.path() / "script");
    script << "set pagination off\nset confirm off\ntarget remote 127.0.0.1:" << port << "\n";
    for (const std::string& command : commands) script << command << "\n";
    script.close();
    const std::string out = folder.path() / "gdb.txt";
    std::system(fmt::format("timeout 120 gdb-multiarch -nx -batch -x {} {} > {} 2>&1 < /dev/null",
                            (folder.path() / "script").string(), kElf, out)
                    .c_str());
    return content(out);
  }

  /// The exit status of mcusim, once it has ended.
  int status() {
    int status = -1;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  nlohmann::json json() { return nlohmann::json::parse(content(folder.path() / "run.json")); }

  static inline const std::string kElf = MCUSIM_FIRMWARE "/debug.elf";
  const TemporaryDirectory folder;

 private:
  void start() {
    const std::string out = folder.path() / "out", err = folder.path() / "err",
                      report = folder.path() / "run.json";
    child_ = ::fork();
    if (child_ != 0) return;
    ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
    ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
    ::execl(MCUSIM_BINARY, MCUSIM_BINARY, "run", kElf.c_str(), "--mcu", "stm32f407", "--engine", "native",
            "--gdb", "0", "--json", report.c_str(), nullptr);
    ::_exit(127);
  }
  std::string wait_for_port() {
    const std::string mark = "127.0.0.1:";
    for (int i = 0; i < 600; ++i) {
      const std::string text = content(folder.path() / "err");
      const std::size_t at = text.find(mark);
      if (at != std::string::npos && text.find('\n', at) != std::string::npos) {
        return text.substr(at + mark.size(), text.find('\n', at) - at - mark.size());
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return "";
  }

  pid_t child_ = -1;
};

TEST_F(Gdb, BreaksAtAFunctionAndShowsTheCallChain) {
  const std::string text = debug({"break inner", "continue", "backtrace", "print value", "print counter",
                                  "print $msp == $sp", "print $primask", "print half", "delete", "continue"});
  EXPECT_NE(text.find("Breakpoint 1, inner (value="), std::string::npos) << text;
  EXPECT_NE(text.find("#1 "), std::string::npos) << text;
  EXPECT_NE(text.find("in outer (value="), std::string::npos) << text;
  EXPECT_NE(text.find("in reset ()"), std::string::npos) << text;
  EXPECT_NE(text.find("$1 = 1\n$2 = 0\n$3 = 1\n$4 = 0\n$5 = 0.5\n"), std::string::npos) << text;
  EXPECT_NE(text.find("exited normally"), std::string::npos) << text;
  EXPECT_EQ(text.find("Overlapping"), std::string::npos) << text;
  EXPECT_EQ(status(), 0);
  EXPECT_EQ(json()["exit"]["reason"], "self_branch");
}

TEST_F(Gdb, ABreakpointStopsEachTimeItIsReached) {
  const std::string text =
      debug({"break inner", "continue", "continue", "continue", "print value", "delete", "continue"});
  EXPECT_NE(text.find("$1 = 3"), std::string::npos) << text;
  EXPECT_EQ(status(), 0);
}

TEST_F(Gdb, StepsByInstructionAndByLine) {
  const std::string text = debug({"stepi", "print $pc - (unsigned)&reset < 8", "break outer", "continue",
                                  "step", "step", "finish", "kill"});
  EXPECT_NE(text.find("$1 = 1"), std::string::npos) << text;
  EXPECT_NE(text.find("inner (value="), std::string::npos) << text;
  EXPECT_NE(text.find("Value returned is $2 = 2"), std::string::npos) << text;
  EXPECT_EQ(status(), 0);
  EXPECT_EQ(json()["exit"]["reason"], "killed");
}

TEST_F(Gdb, MemoryIsWritten) {
  // The loop ends after two rounds: 1 + 2.
  const std::string text =
      debug({"break outer", "continue", "set var limit = 2", "delete", "print limit", "continue"});
  EXPECT_NE(text.find("$1 = 2"), std::string::npos) << text;
  EXPECT_EQ(status(), 0);
  EXPECT_LT(json()["run"]["instructions"], 80) << "five rounds take more";
}

TEST_F(Gdb, AWatchpointTellsOldAndNewValue) {
  const std::string text = debug({"break inner", "continue", "delete", "watch counter", "continue",
                                  "continue", "rwatch limit", "delete 2", "continue", "kill"});
  EXPECT_NE(text.find("Hardware watchpoint 2: counter\n\nOld value = 0\nNew value = 1\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("Old value = 1\nNew value = 3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Hardware read watchpoint 3: limit\n\nValue = 5\n"), std::string::npos) << text;
  EXPECT_EQ(status(), 0);
}

TEST_F(Gdb, MonitorTellsCyclesAndResets) {
  const std::string text =
      debug({"monitor cycles", "break inner", "continue", "monitor cycles", "monitor reset",
             "maintenance flush register-cache", "print $pc == (unsigned)&reset", "continue", "print counter",
             "monitor help", "monitor nonsense", "kill"});
  EXPECT_NE(text.find("0 cycles, 0 instructions"), std::string::npos) << text;
  EXPECT_NE(text.find("reset: pc 0x0800"), std::string::npos) << text;
  EXPECT_NE(text.find("$1 = 1"), std::string::npos) << text;
  EXPECT_NE(text.find("$2 = 0"), std::string::npos) << "from the beginning again: " << text;
  EXPECT_NE(text.find("not known"), std::string::npos) << text;
}

TEST_F(Gdb, DetachedTheRunGoesOnToItsEnd) {
  const std::string text = debug({"break inner", "continue", "detach"});
  EXPECT_NE(text.find("Breakpoint 1"), std::string::npos) << text;
  EXPECT_EQ(status(), 0);
  EXPECT_EQ(json()["exit"]["reason"], "self_branch");
}

TEST_F(Gdb, FloatingPointRegistersAreShownAndWritten) {
  const std::string text = debug({"break outer", "continue", "set var $s1 = 1.5", "print $s1",
                                  "print $d0 != 0", "info registers fpscr", "kill"});
  EXPECT_NE(text.find("$1 = 1.5\n$2 = 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("fpscr"), std::string::npos) << text;
}

}  // namespace
}  // namespace mcusim::test
