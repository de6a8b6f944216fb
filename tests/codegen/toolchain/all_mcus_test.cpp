#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "codegen/toolchain/compiler_flags.h"
#include "codegen/toolchain/process.h"
#include "codegen/toolchain/toolchain.h"
#include "common/files.h"
#include "emulator/machine.h"
#include "tests/codegen/toolchain/elf_file.h"
#include "tests/codegen/toolchain/fixtures.h"
#include "tests/stm32_names.h"

namespace mcusim::codegen {
namespace {

using emulator::StopReason;
using mcu_models::BoardModel;
using mcu_models::McuModel;
using mcu_models::MemoryRegion;

class AllMcus : public ::testing::TestWithParam<std::string> {
 protected:
  std::filesystem::path build(const EmittedNetwork& network, const BuildOptions& options = {}) {
    const std::filesystem::path elf = folder_.path() / "net.elf";
    build_elf(network, mcu_, board_, options, elf);
    return elf;
  }

  /// The console's text of a run to the firmware's own end.
  std::string run(const std::filesystem::path& elf) {
    std::string console;
    emulator::MachineOptions options;
    options.console = [&console](std::string_view text) { console += text; };
    options.dwt_lock = true;
    emulator::Machine machine(mcu_, board_, options);
    machine.load(emulator::load_image(elf));
    const emulator::Stop stop = machine.run({.cycles = 500'000'000});
    EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail << fmt::format(" at {:#x}", stop.pc);
    const ElfFile file = read_elf(elf);
    EXPECT_GE(stop.pc, file.symbols.at("main") & ~1u) << "not in the default handler";
    return console;
  }

  const McuModel mcu_ = mcu_models::load_mcu(GetParam());
  const BoardModel board_ = mcu_models::load_board(mcu_, "");
  TemporaryDirectory folder_;
};

bool inside(const McuModel& mcu, std::uint32_t address, std::uint32_t size, bool flash) {
  Bytes reached = address;
  // Joined regions: go on from region to region.
  for (bool moved = true; moved && reached < Bytes{address} + size;) {
    moved = false;
    for (const MemoryRegion& region : mcu.memory) {
      const bool of_kind = (region.kind == mcu_models::MemoryKind::flash) == flash;
      if (of_kind && reached >= region.base && reached < region.base + region.size) {
        reached = region.base + region.size;
        moved = true;
      }
    }
  }
  return reached >= Bytes{address} + size;
}

TEST_P(AllMcus, SourcesCompileWithoutWarnings) {
  std::vector<Command> commands;
  for (const SourceFile& file : firmware_sources(tiny_network(), mcu_, board_, {})) {
    write_file(folder_.path() / file.name, file.content);
    if (!file.name.ends_with(".c")) continue;
    Command command = {kCompiler};
    for (const std::string& flag : compile_flags(mcu_)) command.push_back(flag);
    command.insert(command.end(), {"-Wshadow", "-Wmissing-prototypes", "-Wstrict-prototypes", "-Werror", "-c",
                                   file.name, "-o", "/dev/null"});
    commands.push_back(command);
  }
  RunOptions options;
  options.folder = folder_.path();
  for (const CommandResult& result : run_commands(commands, options)) EXPECT_EQ(result.output, "");
}

TEST_P(AllMcus, SectionsLieInsideTheMemories) {
  const ElfFile elf = read_elf(build(tiny_network()));
  for (const auto& [name, section] : elf.sections) {
    if (!section.allocated || section.size == 0) continue;
    EXPECT_TRUE(inside(mcu_, section.address, section.size, true) ||
                inside(mcu_, section.address, section.size, false))
        << fmt::format("{} at {:#x}, {} bytes", name, section.address, section.size);
  }
  for (const ElfFile::Segment& segment : elf.segments) {
    if (segment.file_size == 0) continue;
    EXPECT_TRUE(inside(mcu_, segment.load_address, segment.file_size, true))
        << fmt::format("loaded at {:#x}", segment.load_address);
  }
}

std::string line_after(const std::string& text, const std::string& start) {
  const std::size_t at = text.find(start);
  if (at == std::string::npos) return "no line starts with " + start;
  const std::size_t begin = at + start.size();
  return text.substr(begin, text.find("\r\n", begin) - begin);
}

std::uint64_t number_in(const std::string& line, std::size_t column) {
  std::istringstream words(line);
  std::string word;
  for (std::size_t i = 0; i <= column; ++i) words >> word;
  return std::stoull(word);
}

TEST_P(AllMcus, FirmwareRunsToItsEndAndPrintsItsTable) {
  BuildOptions options;
  options.samples = {{{1, 2, 3, 4}}, {{0xff, 100, 0x80, 0}}};  // Of the last: -1, 100, -128, 0.
  const std::string text = run(build(tiny_network(), options));
  EXPECT_EQ(line_after(text, "network: "), "tiny");
  EXPECT_EQ(line_after(text, "mcu: "), mcu_.name);
  EXPECT_EQ(line_after(text, "board: "), board_.name);
  EXPECT_EQ(line_after(text, "clock_hz: "), std::to_string(board_.core_clock));
  EXPECT_EQ(line_after(text, "inferences: "), "2");
  // -(2 x), saturated: 2, -127, 127 (of 128), 0.
  EXPECT_TRUE(line_after(text, "output 0 int8 4 ").ends_with(" : 2 -127 127 0")) << text;
  EXPECT_TRUE(text.ends_with("end\r\n")) << text;

  // Layers of four elements take tens to thousands of cycles on every core, and the lines sum up.
  const std::uint64_t first = number_in(line_after(text, "  0  double_it  "), 2);
  const std::uint64_t second = number_in(line_after(text, "  1  negate     "), 2);
  EXPECT_GT(first, 10u) << text;
  EXPECT_LT(first, 5000u) << text;
  EXPECT_GT(second, 10u) << text;
  EXPECT_EQ(number_in(line_after(text, " total "), 1), first + second) << text;
  EXPECT_EQ(number_in(line_after(text, "inference_cycles:"), 1), first + second) << text;
}

INSTANTIATE_TEST_SUITE_P(Firmware, AllMcus, ::testing::ValuesIn(stm32_names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace mcusim::codegen
