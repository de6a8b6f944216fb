#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "command.h"
#include "common/files.h"
#include "common/npy.h"

namespace mcusim::test {
namespace {

namespace fs = std::filesystem;

const std::string kModel = MCUSIM_SOURCE_DIR "/examples/saline/saline_int8.tflite";

/// Runs in an empty folder and expects status 2, one line that has `fault` in it, and nothing written.
void expect_refused(const std::vector<std::string>& arguments, const std::string& fault) {
  const TemporaryDirectory folder;
  const Outcome outcome = mcusim(arguments, folder.path());
  EXPECT_EQ(outcome.status, 2) << outcome.output << outcome.errors;
  EXPECT_EQ(std::ranges::count(outcome.errors, '\n'), 1) << outcome.errors;
  EXPECT_NE(outcome.errors.find(fault), std::string::npos)
      << "expected '" << fault << "' in: " << outcome.errors;
  EXPECT_TRUE(fs::is_empty(folder.path())) << "something was written";
}

void expect_file_refused(const std::string& name, const std::string& content, const std::string& fault) {
  const TemporaryDirectory folder;
  write_file(folder.path() / name, content);
  expect_refused({"run", folder.path() / name, "--mcu", "stm32h743", "--json", "r.json"}, fault);
}

std::string bytes_of(const fs::path& path) {
  const auto content = read_file(path);
  return {content.begin(), content.end()};
}

TEST(BadInput, ArgumentsThatAreNotUnderstood) {
  expect_refused({}, "subcommand");
  expect_refused({"fly"}, "fly");
  expect_refused({"run"}, "FILE");
  expect_refused({"run", kModel}, "--mcu");
  expect_refused({"run", kModel, "--mcu", "stm32h743", "--fast"}, "--fast");
  expect_refused({"run", kModel, "--mcu", "stm32h743", "--engine", "steam"}, "steam");
  expect_refused({"run", kModel, "--mcu", "stm32h743", "--limit", "speed=3"}, "cycles=N");
  expect_refused({"run", kModel, "--mcu", "stm32h743", "--limit", "cycles=many"}, "cycles=N");
  expect_refused({"run", kModel, "--mcu", "stm32h743", "--until", "tomorrow"}, "uart:TEXT");
  expect_refused({"run", kModel, "--mcu", "stm32h743", "--dump", "0x20000000"}, "ADDRESS:LENGTH:FILE");
  expect_refused({"run", kModel, "--mcu", "stm32h743", "--dump", "0x70000000:4:x"}, "not inside one memory");
  expect_refused({"run", kModel, "--mcu", "stm32h743", "--max-seconds", "-1"}, "max-seconds");
  expect_refused({"build", kModel, "--mcu", "stm32h743"}, "-o FILE");
}

TEST(BadInput, AnUnknownMcuIsAnsweredWithTheNearestNames) {
  expect_refused({"run", kModel, "--mcu", "stm32h734"}, "stm32h743");
  expect_refused({"run", kModel, "--mcu", "stm32h743", "--board", "nucleo-h743"}, "nucleo-h743zi");
}

TEST(BadInput, FilesThatAreNotThereOrNotFiles) {
  expect_refused({"run", "missing.tflite", "--mcu", "stm32h743"}, "missing.tflite: no such file");
  expect_refused({"run", "/", "--mcu", "stm32h743"}, "not a regular file");
  expect_file_refused("empty.tflite", "", "empty");
  expect_file_refused("text.tflite", "hello", "text.tflite");
}

TEST(BadInput, FormatsThatAreNotReadNameTheConversion) {
  expect_file_refused("model.h5", "\x89HDF\r\n\x1a\n and more", "tflite");
  expect_file_refused("model.onnx", std::string("\x08\x07\x12\x07pytorch", 11), "tflite");
}

TEST(BadInput, DamagedAndForeignElfs) {
  const std::string elf = bytes_of(MCUSIM_FIRMWARE "/fault.elf");
  expect_file_refused("cut.elf", elf.substr(0, 40), "cut.elf");
  expect_file_refused("cut.elf", elf.substr(0, elf.size() / 2), "cut.elf");
  expect_refused({"run", "/bin/true", "--mcu", "stm32h743"}, "Arm");
  expect_file_refused("empty.elf", "", "empty");
}

TEST(BadInput, SegmentsOutsideTheMemoryNameWhatThereIs) {
  expect_refused({"run", MCUSIM_FIRMWARE "/outside.elf", "--mcu", "stm32h743"}, "0x60000000");
}

TEST(BadInput, ANetworkThatDoesNotFitSaysWhatItNeedsAndWhatThereIs) {
  expect_refused({"run", kModel, "--mcu", "stm32f103"}, "stm32f103");
}

TEST(BadInput, InputsOfTheWrongShape) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "in.npy", to_npy({DataType::int8, {2}, {1, 2}}));
  expect_refused({"run", kModel, "--mcu", "stm32h743", "--input", folder.path() / "in.npy"}, "does not fit");
  expect_refused({"run", kModel, "--mcu", "stm32h743", "--input", kModel}, "not a .npy file");
  expect_refused({"run", MCUSIM_FIRMWARE "/fault.elf", "--mcu", "stm32h743", "--output", "o.npy"},
                 "no network note");
}

}  // namespace
}  // namespace mcusim::test
