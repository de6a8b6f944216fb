// C programs, each compiled for VLE and executed by the emulator's core, and compiled and executed natively:
// the results are equal.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "codegen/toolchain/build_steps.h"
#include "codegen/toolchain/vle/convert.h"
#include "codegen/toolchain/vle/flags.h"
#include "common/files.h"
#include "emulator/bus/bus.h"
#include "emulator/e200/native_engine.h"
#include "emulator/scheduler.h"
#include "tests/codegen/toolchain/elf_file.h"

namespace mcusim::codegen::vle::testing {
namespace {

namespace fs = std::filesystem;
using emulator::Stop;
using emulator::StopReason;

const fs::path kPrograms = fs::path(MCUSIM_SOURCE_DIR) / "tests/codegen/vle/programs";
const fs::path kTarget = fs::path(MCUSIM_SOURCE_DIR) / "codegen/toolchain/target/vle";

struct Case {
  const char* program;
  const char* optimisation;
};

std::string case_name(const ::testing::TestParamInfo<Case>& tested) {
  return fmt::format("{}_{}", tested.param.program, tested.param.optimisation);
}

class Programs : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (std::system("clang --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "clang is missing";
    if (std::system("powerpc-linux-gnu-as --version > /dev/null 2>&1") != 0)
      GTEST_SKIP() << "powerpc-linux-gnu-as is missing";
  }

  void run(const std::string& command) {
    const std::string all =
        fmt::format("cd '{}' && {{ {}; }} > messages 2>&1", folder_.path().string(), command);
    if (std::system(all.c_str()) == 0) return;
    const auto messages = read_file(folder_.path() / "messages");
    FAIL() << command << "\n" << std::string(messages.begin(), messages.end());
  }

  void compile_for_vle(const fs::path& source) {
    const std::string name = source.stem().string();
    std::string flags = joined(compile_flags());
    flags.replace(flags.find("-Os"), 3, fmt::format("-{}", GetParam().optimisation));
    ASSERT_NO_FATAL_FAILURE(run(fmt::format("clang{} -I '{}' -I '{}' -S '{}' -o {}.book_e.s", flags,
                                            kTarget.string(), kPrograms.string(), source.string(), name)));
    const auto bytes = read_file(folder_.path() / (name + ".book_e.s"));
    write_file(folder_.path() / (name + ".s"), convert(std::string(bytes.begin(), bytes.end()), name + ".s"));
    assemble(folder_.path() / (name + ".s"));
  }

  void assemble(const fs::path& source) {
    run(fmt::format("powerpc-linux-gnu-as{} '{}' -o {}.o", joined(assemble_flags()), source.string(),
                    source.stem().string()));
  }

  /// What the program puts, executed by the emulator's core.
  std::vector<std::uint32_t> emulated() {
    for (const fs::path& source :
         {kPrograms / fmt::format("{}.c", GetParam().program), kPrograms / "support.c", kTarget / "string.c",
          kTarget / "division.c", kTarget / "math.c"}) {
      compile_for_vle(source);
    }
    assemble(kPrograms / "begin.s");
    run(fmt::format("powerpc-linux-gnu-ld -n -z noexecstack -T '{}' *.o -o program.elf",
                    (kPrograms / "program.ld").string()));
    if (HasFatalFailure()) return {};
    return executed(read_elf(folder_.path() / "program.elf"));
  }

  std::vector<std::uint32_t> executed(const ElfFile& elf) {
    constexpr Bytes kMemory = 0x10000;
    emulator::Bus bus;
    emulator::Scheduler scheduler;
    mcu_models::McuModel mcu;
    mcu.core.architecture = mcu_models::Architecture::vle;
    emulator::e200::NativeEngine engine(mcu, bus, scheduler);
    bus.add_memory("code", 0x01000000, kMemory, true);
    bus.add_memory("data", 0x40000000, kMemory, true);
    for (const auto& [name, section] : elf.sections) {
      if (section.allocated && section.in_file)
        bus.load(section.address, reinterpret_cast<const std::uint8_t*>(section.content.data()),
                 section.size);
    }
    engine.reset(elf.entry);
    constexpr Cycles kEnough = 50'000'000;
    const Stop stop = engine.run({.cycles = kEnough});
    EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail << fmt::format(" at 0x{:x}", stop.pc);
    EXPECT_EQ(stop.pc, elf.symbols.at("end"));
    const auto word = [&](Address address) {
      std::array<std::uint8_t, 4> bytes{};
      bus.fetch(address, bytes.data(), bytes.size());
      return std::uint32_t{bytes[0]} << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
    };
    std::vector<std::uint32_t> words = {word(elf.symbols.at("result_count"))};
    for (std::uint32_t i = 0; i < std::min(words[0], 256u); ++i)
      words.push_back(word(elf.symbols.at("results") + 4 * i));
    return words;
  }

  std::vector<std::uint32_t> native() {
    run(
        fmt::format("cc -std=c99 -O1 -ffp-contract=off -DON_HOST '{0}/{1}.c' '{0}/support.c' -o program && "
                    "./program > results",
                    kPrograms.string(), GetParam().program));
    std::ifstream file(folder_.path() / "results");
    std::vector<std::uint32_t> words;
    std::string line;
    while (std::getline(file, line))
      words.push_back(static_cast<std::uint32_t>(std::stoul(line, nullptr, words.empty() ? 10 : 16)));
    return words;
  }

  TemporaryDirectory folder_;
};

TEST_P(Programs, GiveTheResultsOfTheHost) {
  const std::vector<std::uint32_t> expected = native();
  ASSERT_GT(expected.size(), 5u);
  const std::vector<std::uint32_t> actual = emulated();
  ASSERT_FALSE(HasFailure());
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    ASSERT_EQ(actual[i], expected[i]) << "result " << i << " of " << actual.size();
  }
}

constexpr const char* kNames[] = {"integer", "wide_integer", "floating", "varargs",   "switches",
                                  "calls",   "structs",      "memory",   "conditions"};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const char* name : kNames) {
    for (const char* optimisation : {"O0", "O1", "O2", "O3", "Os"}) all.push_back({name, optimisation});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, Programs, ::testing::ValuesIn(cases()), case_name);

}  // namespace
}  // namespace mcusim::codegen::vle::testing
