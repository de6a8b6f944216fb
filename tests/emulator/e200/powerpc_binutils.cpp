#include "powerpc_binutils.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

namespace mcusim::emulator::e200 {
namespace {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "mcusim-vle-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string operator/(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

bool run(const std::string& command) { return std::system(command.c_str()) == 0; }

std::vector<std::uint8_t> content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_words(const std::string& file, const std::vector<std::uint16_t>& halfwords) {
  std::ofstream out(file, std::ios::binary);
  for (const std::uint16_t halfword : halfwords) {
    out.put(static_cast<char>(halfword >> 8));
    out.put(static_cast<char>(halfword));
  }
}

/// "mnemonic   operands <symbol>" with one space and without the symbol.
std::string normalised(std::string text) {
  if (const auto symbol = text.find(" <"); symbol != std::string::npos) text.resize(symbol);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  if (const auto gap = text.find(' '); gap != std::string::npos) {
    const auto operands = text.find_first_not_of(' ', gap);
    text.replace(gap, operands - gap, " ");
  }
  return text;
}

}  // namespace

bool has_powerpc_binutils() {
  static const bool found = run(
      "command -v powerpc-linux-gnu-as >/dev/null 2>&1 && command -v powerpc-linux-gnu-ld >/dev/null 2>&1 "
      "&& command -v powerpc-linux-gnu-objdump >/dev/null 2>&1");
  return found;
}

std::vector<Disassembled> objdump(const std::vector<std::uint16_t>& halfwords) {
  const TemporaryFolder folder;
  write_words(folder / "code.bin", halfwords);
  // The assembler marks a section as VLE only when it holds an instruction: one behind the bytes does.
  std::ofstream(folder / "code.s") << ".section .text_vle,\"ax\"\n.incbin \"" << folder / "code.bin"
                                   << "\"\nse_isync\n";
  if (!run("powerpc-linux-gnu-as -mvle -mspe -mregnames -o " + (folder / "code.o") + " " +
           (folder / "code.s"))) {
    ADD_FAILURE() << "the assembler failed";
    return {};
  }
  const std::string command = "powerpc-linux-gnu-objdump -d -z -M vle " + (folder / "code.o");
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::vector<Disassembled> result;
  char line[512];
  while (std::fgets(line, sizeof line, pipe.get()) != nullptr) {
    std::string text(line);
    text.pop_back();
    // "   4:\t00 04       \tse_blr"
    const auto first = text.find(":\t");
    const auto second = first == std::string::npos ? first : text.find('\t', first + 2);
    if (second == std::string::npos) continue;
    std::string instruction = text.substr(second + 1);
    for (char& c : instruction) {
      if (c == '\t') c = ' ';
    }
    result.push_back(
        {static_cast<std::uint32_t>(std::stoul(text, nullptr, 16)), normalised(std::move(instruction))});
  }
  return result;
}

std::vector<std::uint8_t> assemble(const std::string& source, std::uint32_t base) {
  const TemporaryFolder folder;
  std::ofstream(folder / "code.s") << ".section .text_vle,\"ax\"\n.globl _start\n_start:\n" << source << '\n';
  std::ostringstream link;
  link << "powerpc-linux-gnu-as -mvle -mspe -mregnames -o " << folder / "code.o" << ' ' << folder / "code.s"
       << " && powerpc-linux-gnu-ld --section-start=.text_vle=0x" << std::hex << base << " -o "
       << folder / "code.elf" << ' ' << folder / "code.o"
       << " && powerpc-linux-gnu-objcopy -O binary " << folder / "code.elf" << ' ' << folder / "code.bin";
  if (!run(link.str())) {
    ADD_FAILURE() << "cannot assemble:\n" << source;
    return {};
  }
  return content(folder / "code.bin");
}

std::vector<std::uint8_t> link_elf(const std::string& source, std::uint32_t base, const std::string& flags) {
  const TemporaryFolder folder;
  std::ofstream(folder / "code.s") << ".text\n.globl _start\n_start:\n" << source << '\n';
  std::ostringstream link;
  link << "powerpc-linux-gnu-as " << flags << " -o " << folder / "code.o" << ' ' << folder / "code.s"
       << " && powerpc-linux-gnu-ld -Ttext=0x" << std::hex << base << " -o " << folder / "code.elf" << ' '
       << folder / "code.o";
  if (!run(link.str())) {
    ADD_FAILURE() << "cannot link:\n" << source;
    return {};
  }
  return content(folder / "code.elf");
}

}  // namespace mcusim::emulator::e200
