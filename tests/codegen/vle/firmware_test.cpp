// The firmware around a network on an SPC58EC80.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "codegen/toolchain/process.h"
#include "codegen/toolchain/toolchain.h"
#include "codegen/toolchain/vle/flags.h"
#include "common/error.h"
#include "common/files.h"
#include "tests/codegen/toolchain/elf_file.h"
#include "tests/codegen/toolchain/fixtures.h"

namespace mcusim::codegen::vle::testing {
namespace {

std::uint32_t word(const ElfFile::Section& section, std::size_t index) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(section.content.at(4 * index + i));
  return value;
}

class Firmware : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("clang --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "clang is missing";
    if (std::system("powerpc-linux-gnu-as --version > /dev/null 2>&1") != 0)
      GTEST_SKIP() << "powerpc-linux-gnu-as is missing";
  }

  std::filesystem::path build(const EmittedNetwork& network, const std::string& name = "net.elf") {
    const std::filesystem::path elf = folder_.path() / name;
    build_elf(network, mcu_, board_, {}, elf);
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

  /// The tiny network with a function of its own in place of its code.
  static EmittedNetwork network_of(const std::string& code) {
    EmittedNetwork network = tiny_network();
    network.files[1].content = code;
    return network;
  }

  void write_sources() {
    for (const SourceFile& file : firmware_sources(tiny_network(), mcu_, board_, {}))
      write_file(folder_.path() / file.name, file.content);
  }

  CommandResult run(const Command& command) {
    RunOptions options;
    options.folder = folder_.path();
    return run_commands({command}, options)[0];
  }

  const mcu_models::McuModel mcu_ = mcu_models::load_mcu("spc58ec80");
  const mcu_models::BoardModel board_ = mcu_models::load_board(mcu_, "");
  TemporaryDirectory folder_;
};

TEST_F(Firmware, BootHeaderStartsTheFlashAndPointsToReset) {
  const ElfFile elf = read_elf(build(tiny_network()));
  const ElfFile::Section& boot = elf.sections.at(".boot");
  EXPECT_EQ(boot.address, 0x00fc0000u);
  EXPECT_EQ(word(boot, 0), 0x00a50001u);
  EXPECT_EQ(word(boot, 1), elf.symbols.at("Reset_Handler"));
  EXPECT_EQ(word(boot, 1), elf.entry);
  EXPECT_EQ(elf.entry % 8, 0u);
}

// IVPR has 23 bits; the core adds 16 times the number of the interrupt.
TEST_F(Firmware, HandlersLieAtFixedDistances) {
  const ElfFile elf = read_elf(build(tiny_network()));
  const std::uint32_t vectors = elf.symbols.at("vectors");
  EXPECT_EQ(vectors % 512, 0u);
  EXPECT_EQ(elf.symbols.at("Machine_Check_Handler"), vectors + 16 * 1);
  EXPECT_EQ(elf.symbols.at("Program_Handler"), vectors + 16 * 6);
  EXPECT_EQ(elf.symbols.at("Debug_Handler"), vectors + 16 * 15);
  EXPECT_EQ(elf.symbols.at("Efpu_Unavailable_Handler"), vectors + 16 * 32);
}

TEST_F(Firmware, SameInputGivesTheSameBytes) {
  EXPECT_EQ(read_file(build(tiny_network(), "a.elf")), read_file(build(tiny_network(), "b.elf")));
}

TEST_F(Firmware, SourcesCompileWithoutWarnings) {
  write_sources();
  for (const SourceFile& file : firmware_sources(tiny_network(), mcu_, board_, {})) {
    if (!file.name.ends_with(".c")) continue;
    Command command = {kCompiler};
    for (const std::string& flag : compile_flags()) command.push_back(flag);
    command.insert(command.end(), {"-Wshadow", "-Wmissing-prototypes", "-Wstrict-prototypes", "-Werror", "-S",
                                   file.name, "-o", "/dev/null"});
    EXPECT_EQ(run(command).output, "");
  }
}

TEST_F(Firmware, WrittenSourcesBuildWithTheirMakefile) {
  write_sources();
  const std::string path = std::getenv("PATH");
  setenv("PATH", (std::filesystem::path(MCUSIM_BINARY).parent_path().string() + ":" + path).c_str(), 1);
  const CommandResult result = run({"make"});
  setenv("PATH", path.c_str(), 1);
  if (result.status == CommandResult::Status::not_found) GTEST_SKIP() << "make is not installed";
  ASSERT_EQ(result.exit_code, 0) << result.output;
  const ElfFile by_make = read_elf(folder_.path() / "firmware.elf");
  const ElfFile by_us = read_elf(build(tiny_network()));
  for (const char* section : {".boot", ".vectors", ".text", ".rodata", ".data"}) {
    EXPECT_TRUE(by_make.sections.at(section).content == by_us.sections.at(section).content) << section;
  }
}

TEST_F(Firmware, InstructionWithoutVleCodeIsNamed) {
  const std::string error =
      error_of(network_of("void net_run(void) { __asm volatile(\"evmergelo 3, 4, 5\"); }\n"));
  EXPECT_TRUE(error.starts_with("net.book_e.s:")) << error;
  EXPECT_NE(error.find(": no VLE code for 'evmergelo 3, 4, 5'"), std::string::npos) << error;
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "net.elf"));
}

// There is no unit for it and no library.
TEST_F(Firmware, DoublePrecisionDoesNotLink) {
  const std::string error = error_of(
      network_of("double net_x; unsigned char net_arena[16];\nvoid net_run(void) { net_x *= 1.1; }\n"));
  EXPECT_TRUE(error.starts_with("tiny: powerpc-linux-gnu-ld failed: ")) << error;
  EXPECT_NE(error.find("__muldf3"), std::string::npos) << error;
}

TEST_F(Firmware, MissingCompilerNamesThePackagesToInstall) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "", 1);
  const std::string error = error_of(tiny_network());
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(error,
            "clang: not found; install the packages clang and binutils-powerpc-linux-gnu, or add it to PATH");
}

}  // namespace
}  // namespace mcusim::codegen::vle::testing
