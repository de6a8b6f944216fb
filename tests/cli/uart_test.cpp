#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "command.h"
#include "common/files.h"

// A firmware that answers in capitals on USART3, without clock set-up: an STM32H743 at its 64 MHz after
// reset.

namespace mcusim::test {
namespace {

const std::string kEcho = MCUSIM_ECHO;

nlohmann::json json_of(const std::filesystem::path& path) {
  std::ifstream stream(path);
  return nlohmann::json::parse(stream);
}

TEST(Uart, StandardInputReachesTheFirmwareAndTheRunEndsWhenItIsSilent) {
  const TemporaryDirectory folder;
  const Outcome run = mcusim(
      {"run", kEcho, "--mcu", "stm32h743", "--uart", "USART3=stdio", "--until", "idle", "--json", "run.json"},
      folder.path(), "name%Profile%");
  EXPECT_EQ(run.status, 0) << run.errors;
  EXPECT_TRUE(run.output.starts_with("NAME%PROFILE%")) << run.output;
  const nlohmann::json json = json_of(folder.path() / "run.json");
  EXPECT_EQ(json["exit"]["reason"], "until_idle");
  EXPECT_EQ(json["clock_hz"], 64'000'000) << "the registers count, not the board's usual clock";
  EXPECT_NEAR(json["run"]["time_ms"].get<double>(), 101, 1);
}

TEST(Uart, InputWaitsForThePromptOfSendAfter) {
  const TemporaryDirectory folder;
  const Outcome run = mcusim({"run", kEcho, "--mcu", "stm32h743", "--uart", "USART3=stdio", "--send-after",
                              "a prompt that it never prints", "--max-seconds", "0.1"},
                             folder.path(), "name%");
  EXPECT_EQ(run.status, 4) << run.errors;
  EXPECT_EQ(run.output.find("NAME%"), std::string::npos) << run.output;
}

TEST(Uart, OutputGoesToAFileInsteadOfStandardOutput) {
  const TemporaryDirectory folder;
  const Outcome run = mcusim({"run", kEcho, "--mcu", "stm32h743", "--uart", "USART3=file:console.txt",
                              "--uart", "USART1=stdio", "--until", "idle"},
                             folder.path(), "abc");
  EXPECT_EQ(run.status, 0) << run.errors;
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "console.txt"));
  EXPECT_EQ(run.output.find("ABC"), std::string::npos) << "USART1 is not the one that echoes";
}

TEST(FlatImages, RunAsTheElfDoesThatTheyWereMadeFrom) {
  const TemporaryDirectory folder;
  for (const std::string format : {"ihex", "srec", "binary"}) {
    const std::string file = folder.path() / (format == "binary" ? "echo.bin" : "echo." + format);
    ASSERT_EQ(std::system(fmt::format("arm-none-eabi-objcopy -O {} {} {}", format, kEcho, file).c_str()), 0);
    const Outcome run = mcusim({"run", file, "--mcu", "stm32h743", "--uart", "USART3=stdio", "--until",
                                "idle", "--json", "flat.json"},
                               folder.path(), "xyz");
    EXPECT_EQ(run.status, 0) << format << ": " << run.errors;
    EXPECT_TRUE(run.output.starts_with("XYZ")) << format << ": " << run.output;
    const nlohmann::json json = json_of(folder.path() / "flat.json");
    EXPECT_TRUE(json["memory"]["ram_used"].is_null()) << "a flat image does not tell";
    EXPECT_GT(json["memory"]["flash_used"], 8) << format;
  }
  const std::string raw = folder.path() / "echo.bin";
  const Outcome elsewhere = mcusim({"run", raw, "--mcu", "stm32h743", "--base", "0x90000000"});
  EXPECT_EQ(elsewhere.status, 2);
  EXPECT_NE(elsewhere.errors.find("0x90000000"), std::string::npos) << elsewhere.errors;
}

TEST(Uart, WrongOptionsAreRefusedInOneLine) {
  const auto refused = [](std::vector<std::string> options, const std::string& part) {
    options.insert(options.begin(), {"run", kEcho, "--mcu", "stm32h743"});
    const Outcome run = mcusim(options);
    EXPECT_EQ(run.status, 2) << part;
    EXPECT_EQ(run.output, "") << part;
    EXPECT_NE(run.errors.find(part), std::string::npos) << run.errors;
    EXPECT_EQ(std::count(run.errors.begin(), run.errors.end(), '\n'), 1) << run.errors;
  };
  refused({"--uart", "USART99=stdio"}, "no such UART");
  refused({"--uart", "USART3=tcp:http"}, "no port");
  refused({"--uart", "USART3=stdio", "--uart", "USART3=pty"}, "given twice");
  refused({"--uart", "USART3=stdio", "--uart", "USART1=stdio"}, "one reader");
  refused({"--uart", "USART3=file:/nonexistent/x"}, "cannot be written");
  refused({"--base", "0x08000000"}, "--base is for raw .bin files");
  refused({"--base", "flash"}, "not an address");
}

TEST(MaxSeconds, IsEmulatedTimeAtTheClockThatRuns) {
  const TemporaryDirectory folder;
  const Outcome run = mcusim(
      {"run", kEcho, "--mcu", "stm32h743", "--max-seconds", "0.01", "--json", "run.json"}, folder.path());
  EXPECT_EQ(run.status, 4) << run.errors;
  const nlohmann::json json = json_of(folder.path() / "run.json");
  EXPECT_NEAR(json["run"]["time_ms"].get<double>(), 10, 0.01);
  EXPECT_NEAR(json["run"]["cycles"].get<double>(), 640'000, 100);
}

}  // namespace
}  // namespace mcusim::test
