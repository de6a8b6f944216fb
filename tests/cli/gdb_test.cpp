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
                            (folder.path() / "script").string(), elf, out)
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

  std::string elf = MCUSIM_FIRMWARE "/debug.elf", mcu = "stm32f407";
  const TemporaryDirectory folder;

 private:
  void start() {
    const std::string out = folder.path() / "out", err = folder.path() / "err",
                      report = folder.path() / "run.json";
    child_ = ::fork();
    if (child_ != 0) return;
    ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
    ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
    ::execl(MCUSIM_BINARY, MCUSIM_BINARY, "run", elf.c_str(), "--mcu", mcu.c_str(), "--engine", "native",
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

/// A network on an e200: VLE code, big-endian, with the compiler's call frame tables.
class PowerGdb : public Gdb {
 protected:
  void SetUp() override {
    Gdb::SetUp();
    elf = folder.path() / "net.elf";
    mcu = "spc58ec80";
    const std::string build =
        fmt::format("{} build {}/examples/saline/saline_int8.tflite --mcu {} -o {} > {} 2>&1", MCUSIM_BINARY,
                    MCUSIM_SOURCE_DIR, mcu, elf, (folder.path() / "build.txt").string());
    ASSERT_EQ(std::system(build.c_str()), 0) << content(folder.path() / "build.txt");
  }
};

TEST_F(PowerGdb, BreaksInAKernelAndShowsWhoCalledIt) {
  const std::string text = debug(
      {"break mcusim_softmax_s8", "continue", "backtrace", "up", "info registers pc", "delete", "kill"});
  EXPECT_NE(text.find("Breakpoint 1, mcusim_softmax_s8 ("), std::string::npos) << text;
  for (const char* caller : {"in net_layer_8_softmax ()", "in net_run (", "in network_run (", "main () at "})
    EXPECT_NE(text.find(caller), std::string::npos) << caller << " in\n" << text;
}

TEST_F(PowerGdb, ShowsAndWritesTheCoresRegisters) {
  const std::string text =
      debug({"break net_run", "continue", "print/x $msr & 0x02000000", "set var $r20 = 0x12345678",
             "print/x $r20", "set var $cr = 0x81234567", "print/x $cr", "set var $ctr = 7", "print $ctr",
             "set var $xer = 0xa0000000", "print/x $xer", "print $lr > 0x00fc0000", "print $spefscr",
             "print $sp == $r1", "kill"});
  EXPECT_NE(
      text.find("$1 = 0x2000000\n$2 = 0x12345678\n$3 = 0x81234567\n$4 = 7\n$5 = 0xa0000000\n$6 = 1\n$7 = 0\n"
                "$8 = 1\n"),
      std::string::npos)
      << text;
}

TEST_F(PowerGdb, StepsInstructionsOfBothLengths) {
  const std::string text =
      debug({"break net_run", "continue", "set $at = $pc", "stepi", "print $pc - $at == 2 || $pc - $at == 4",
             "stepi", "stepi", "monitor cycles", "monitor code", "kill"});
  EXPECT_NE(text.find("$1 = 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find(" cycles, "), std::string::npos) << text;
  EXPECT_NE(text.find("  se_"), std::string::npos) << text;
  EXPECT_EQ(status(), 0);
  EXPECT_EQ(json()["exit"]["reason"], "killed");
}

TEST_F(PowerGdb, AWatchpointTellsOldAndNewValueInTheCoresByteOrder) {
  const std::string text =
      debug({"break main", "continue", "delete", "watch *(int*)&net_arena", "continue",
             "print/x *(unsigned char*)&net_arena == *(unsigned*)&net_arena >> 24", "kill"});
  EXPECT_NE(text.find("Hardware watchpoint 2"), std::string::npos) << text;
  EXPECT_NE(text.find("Old value = "), std::string::npos) << text;
  EXPECT_NE(text.find("$1 = 0x1\n"), std::string::npos) << text;
}

TEST_F(PowerGdb, DeviceRegistersAreWordsAndTheirBytesCountFromTheHighEnd) {
  const std::string text = debug({"print/x *(unsigned*)0xf4058010", "print/x *(unsigned*)0xf4058000",
                                  "print/x *(unsigned char*)0xf4058000", "kill"});
  EXPECT_NE(text.find("$2 = 0xff"), std::string::npos) << text;
  EXPECT_NE(text.find("$3 = 0xff\n"), std::string::npos) << text;
}

TEST_F(PowerGdb, ResetStartsAgainAtTheBootHeadersEntry) {
  const std::string text =
      debug({"print/x $pc", "break main", "continue", "monitor reset", "maintenance flush register-cache",
             "print $pc == (unsigned)&Reset_Handler", "continue", "kill"});
  EXPECT_NE(text.find("reset: pc 0x00fc"), std::string::npos) << text;
  EXPECT_NE(text.find("$2 = 1\n"), std::string::npos) << text;
}

TEST_F(PowerGdb, DetachedTheRunGoesOnToItsEnd) {
  const std::string text = debug({"break main", "continue", "detach"});
  EXPECT_NE(text.find("Breakpoint 1"), std::string::npos) << text;
  EXPECT_EQ(status(), 0);
  EXPECT_EQ(json()["exit"]["reason"], "self_branch");
}

}  // namespace
}  // namespace mcusim::test
