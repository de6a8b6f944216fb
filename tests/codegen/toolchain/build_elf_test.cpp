#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>

#include "codegen/toolchain/process.h"
#include "codegen/toolchain/toolchain.h"
#include "common/error.h"
#include "common/files.h"
#include "tests/codegen/toolchain/elf_file.h"
#include "tests/codegen/toolchain/fixtures.h"

namespace mcusim::codegen {
namespace {

class BuildElf : public ::testing::Test {
 protected:
  std::filesystem::path build(const EmittedNetwork& network, const std::string& name = "net.elf") {
    const std::filesystem::path elf = folder_.path() / name;
    build_elf(network, hand_made_mcu(), hand_made_board(), {}, elf);
    return elf;
  }
  std::string error_of(const EmittedNetwork& network) {
    try {
      build(network);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }
  TemporaryDirectory folder_;
};

TEST_F(BuildElf, VectorTableStartsTheFlashAndPointsToStackAndReset) {
  const ElfFile elf = read_elf(build(tiny_network()));
  const ElfFile::Section& vectors = elf.sections.at(".vectors");
  EXPECT_EQ(vectors.address, 0x08000000u);
  EXPECT_EQ(vectors.size, 4u * (16 + 150));
  std::uint32_t words[2];
  std::memcpy(words, vectors.content.data(), sizeof words);
  EXPECT_EQ(words[0], elf.symbols.at("__stack_top"));
  EXPECT_EQ(words[1], elf.symbols.at("Reset_Handler"));
  EXPECT_EQ(words[1], elf.entry);
}

TEST_F(BuildElf, StackLiesAtTheLowEndOfItsMemory) {
  const ElfFile elf = read_elf(build(tiny_network()));
  EXPECT_EQ(elf.symbols.at("__stack_limit"), 0x20000000u);
  EXPECT_EQ(elf.symbols.at("__stack_top"), 0x20001000u);
}

TEST_F(BuildElf, InferenceCountIsInitialisedDataAndInTheNote) {
  const auto path = build(tiny_network());
  const ElfFile elf = read_elf(path);
  const ElfFile::Section& data = elf.sections.at(".data");
  const std::uint32_t address = elf.symbols.at("net_inference_count");
  ASSERT_GE(address, data.address);
  ASSERT_LT(address, data.address + data.size);
  EXPECT_EQ(data.content[address - data.address], 2);
  EXPECT_EQ(parse_network_note(elf.sections.at(".mcusim.network").content, "net.elf").inference_count,
            "net_inference_count");
}

TEST_F(BuildElf, NoteIsNotLoadedAndComesBackUnchanged) {
  const ElfFile elf = read_elf(build(tiny_network()));
  const ElfFile::Section& section = elf.sections.at(".mcusim.network");
  EXPECT_FALSE(section.allocated);
  NetworkNote expected = tiny_network().note;
  expected.inference_count = "net_inference_count";
  EXPECT_EQ(section.content, to_json(expected));
  for (const NoteLayer& layer : expected.layers)
    EXPECT_EQ(elf.symbols.count(layer.function), 1u) << layer.name;
}

TEST_F(BuildElf, ArenaTakesNoSpaceInFlash) {
  const ElfFile elf = read_elf(build(network_of_size(300 << 10, 4)));
  const ElfFile::Section& arena = elf.sections.at(".net_arena");
  EXPECT_EQ(arena.address, 0x24000000u);
  EXPECT_FALSE(arena.in_file);
  std::uint32_t loaded = 0;
  for (const ElfFile::Segment& segment : elf.segments) loaded += segment.file_size;
  EXPECT_LT(loaded, 32u << 10);
}

TEST_F(BuildElf, SameInputGivesTheSameBytes) {
  EXPECT_EQ(read_file(build(tiny_network(), "a.elf")), read_file(build(tiny_network(), "b.elf")));
}

TEST_F(BuildElf, WrittenSourcesBuildWithTheirMakefile) {
  for (const SourceFile& file : firmware_sources(tiny_network(), hand_made_mcu(), hand_made_board(), {})) {
    write_file(folder_.path() / file.name, file.content);
  }
  RunOptions options;
  options.folder = folder_.path();
  const CommandResult result = run_commands({{"make"}}, options)[0];
  if (result.status == CommandResult::Status::not_found) GTEST_SKIP() << "make is not installed";
  ASSERT_EQ(result.exit_code, 0) << result.output;
  const ElfFile by_make = read_elf(folder_.path() / "firmware.elf");
  const ElfFile by_us = read_elf(build(tiny_network()));
  for (const char* section : {".vectors", ".text", ".rodata", ".data"}) {
    EXPECT_EQ(by_make.sections.at(section).content, by_us.sections.at(section).content) << section;
  }
}

TEST_F(BuildElf, CodeThatOverflowsTheFlashIsReportedWithNumbers) {
  // The weights alone fit: it is the linker that finds out.
  const std::string error = error_of(network_of_size(16, (2 << 20) - 256));
  EXPECT_TRUE(error.starts_with("tiny: code and weights need ")) << error;
  EXPECT_TRUE(
      error.ends_with(" bytes more flash than stm32h743 has; choose a larger MCU or a smaller network"))
      << error;
}

TEST_F(BuildElf, FailedBuildWritesNothing) {
  EXPECT_NE(error_of(network_of_size(16, (2 << 20) - 256)), "no error");
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "net.elf"));
}

TEST_F(BuildElf, CompilerErrorIsShown) {
  EmittedNetwork network = tiny_network();
  network.files[1].content = "#error this cannot be\n";
  const std::string error = error_of(network);
  EXPECT_EQ(error,
            "tiny: arm-none-eabi-gcc failed: net.c:1:2: error: #error this cannot be; "
            "check the compiler's installation");
}

TEST_F(BuildElf, MissingCompilerNamesThePackageToInstall) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "", 1);
  const std::string error = error_of(tiny_network());
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(error,
            "arm-none-eabi-gcc: not found; install the packages gcc-arm-none-eabi and "
            "libnewlib-arm-none-eabi, or add it to PATH");
}

}  // namespace
}  // namespace mcusim::codegen
