#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "command.h"
#include "common/files.h"

// --check on firmware that mcusim build made.
namespace mcusim::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::string kModel = MCUSIM_SOURCE_DIR "/examples/saline/saline_int8.tflite";

Json json_of(const fs::path& path) {
  const auto content = read_file(path);
  return Json::parse(content.begin(), content.end());
}

int objcopy(const std::string& option, const fs::path& elf) {
  return std::system(("arm-none-eabi-objcopy " + option + " " + elf.string()).c_str());
}

TEST(Check, AGeneratedNetworkKeepsToItsPlanAndReadsNothingUnwritten) {
  const TemporaryDirectory folder;
  for (const std::string mcu : {"stm32h743", "stm32g0b1"}) {
    const Outcome outcome =
        mcusim({"run", kModel, "--mcu", mcu, "--check", "uninit", "--check", "tensors", "--json", "r.json"},
               folder.path());
    EXPECT_EQ(outcome.status, 0) << outcome.errors << outcome.output;
    EXPECT_NE(outcome.output.find("check        uninit: nothing found\n"), std::string::npos)
        << outcome.output;
    EXPECT_NE(outcome.output.find("check        tensors: nothing found\n"), std::string::npos);
    const Json checks = json_of(folder.path() / "r.json")["checks"];
    EXPECT_EQ(checks["uninit"]["instructions"], 0);
    EXPECT_EQ(checks["tensors"]["failed"], false);
  }
}

TEST(Check, AnAccessBeyondATensorIsStatus1AndNamed) {
  const TemporaryDirectory folder;
  const fs::path elf = folder.path() / "net.elf", note = folder.path() / "note.json";
  ASSERT_EQ(mcusim({"build", kModel, "--mcu", "stm32h743", "-o", elf}).status, 0);
  ASSERT_EQ(objcopy("--dump-section .mcusim.network=" + note.string(), elf), 0);
  // The same program under a plan whose first layer has a smaller output.
  std::string text;
  for (const std::uint8_t byte : read_file(note))
    if (byte != 0) text += static_cast<char>(byte);
  Json changed = Json::parse(text);
  Json& tensor = changed["activations"][changed["layers"][0]["outputs"][0].get<std::size_t>()];
  ASSERT_EQ(tensor["type"], "int8");
  std::uint64_t elements = 1;
  for (const Json& dimension : tensor["shape"]) elements *= dimension.get<std::uint64_t>();
  tensor["shape"] = {elements - 1};
  const std::uint64_t end = tensor["offset"].get<std::uint64_t>() + elements - 1;
  const std::string dumped = changed.dump();
  write_file(note, std::vector<std::uint8_t>(dumped.begin(), dumped.end()));
  ASSERT_EQ(objcopy("--update-section .mcusim.network=" + note.string(), elf), 0);
  const Outcome outcome = mcusim(
      {"run", elf, "--mcu", "stm32h743", "--check", "tensors", "--json", "r.json", "--profile", "r.mcuprof"},
      folder.path());
  EXPECT_EQ(outcome.status, 1) << outcome.errors;
  EXPECT_EQ(outcome.errors, "mcusim: " + elf.string() + ": check tensors failed\n");
  const Json check = json_of(folder.path() / "r.json")["checks"]["tensors"];
  EXPECT_EQ(check["failed"], true);
  ASSERT_EQ(check["findings"].size(), 2u) << "layer 0 writes the byte, layer 1 reads it: " << check;
  EXPECT_EQ(check["findings"][1]["access"], "read");
  EXPECT_TRUE(check["findings"][1]["rule"].get<std::string>().starts_with("outside the tensors of layer 1 "));
  const Json& finding = check["findings"][0];
  EXPECT_EQ(finding["access"], "write");
  EXPECT_EQ(finding["offset"], end) << "the byte behind the tensor";
  EXPECT_TRUE(finding["rule"].get<std::string>().starts_with("outside the tensors of layer 0 ")) << finding;
  EXPECT_EQ(mcusim({"report", "r.mcuprof", "--format", "text"}, folder.path()).output,
            outcome.output.substr(outcome.output.find("\n\n") + 2))
      << "the profile keeps what was found";
}

TEST(Check, WhatCannotBeCheckedIsOneLine) {
  const Outcome unknown = mcusim({"run", kModel, "--mcu", "stm32h743", "--check", "nothing"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_EQ(unknown.errors, "mcusim: --check nothing: no such check; use uninit or tensors\n");
  const Outcome reference =
      mcusim({"run", kModel, "--mcu", "stm32h743", "--engine", "unicorn", "--check", "uninit"});
  EXPECT_EQ(reference.status, 2);
  EXPECT_NE(reference.errors.find("use --engine native"), std::string::npos) << reference.errors;
}

TEST(StackLimit, AnOverflowOfAGeneratedStackIsAFaultWithItsCallChain) {
  const Outcome outcome = mcusim({"run", MCUSIM_FIRMWARE "/stack_limit.elf", "--mcu", "stm32h743"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_NE(
      outcome.errors.find(": Stack overflow: the main stack pointer falls below 0x20000800 (__stack_limit), "
                          "at 0x080000"),
      std::string::npos)
      << outcome.errors;
  EXPECT_NE(outcome.errors.find(" in grow (stack_limit.c:"), std::string::npos) << outcome.errors;
  EXPECT_NE(outcome.errors.find("call chain:\n    #0 0x080000"), std::string::npos) << outcome.errors;
  EXPECT_NE(outcome.errors.find(" reset (stack_limit.c:"), std::string::npos) << outcome.errors;
}

}  // namespace
}  // namespace mcusim::test
