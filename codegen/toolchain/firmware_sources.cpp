#include <fmt/format.h>

#include <span>

#include "codegen/toolchain/board_source.h"
#include "codegen/toolchain/compiler_flags.h"
#include "codegen/toolchain/linker_script.h"
#include "codegen/toolchain/network_source.h"
#include "codegen/toolchain/placement.h"
#include "codegen/toolchain/samples.h"
#include "codegen/toolchain/toolchain.h"
#include "common/embedded_file.h"

namespace mcusim {
extern const std::span<const EmbeddedFile> target_sources;  // Of this folder's target/.
}

namespace mcusim::codegen {
namespace {

using mcu_models::BoardModel;
using mcu_models::McuModel;

/// The fixed files; of the console drivers only the one that the board needs.
std::vector<SourceFile> fixed_files(const std::string& driver) {
  constexpr std::string_view kFolder = "target/";
  std::vector<SourceFile> files;
  for (const EmbeddedFile& file : target_sources) {
    const std::string name(file.name.substr(kFolder.size()));
    const bool is_driver = name.starts_with("console_");
    if (!is_driver || name == driver) files.push_back({name, std::string(file.content)});
  }
  return files;
}

std::string quoted(const std::string& flag) {
  return flag.find('"') == std::string::npos ? flag : fmt::format("'{}'", flag);
}

std::string joined(const std::vector<std::string>& flags) {
  std::string text;
  for (const std::string& flag : flags) text += fmt::format(" {}", quoted(flag));
  return text;
}

/// For those who want to build the written sources themselves, with the same flags.
std::string makefile(const McuModel& mcu) {
  return fmt::format(
      "CC = {}\nCFLAGS ={}\nLDFLAGS ={}\nOBJECTS = $(patsubst %.c,%.o,$(sort $(wildcard *.c)))\n\n"
      "firmware.elf: $(OBJECTS) firmware.ld\n\t$(CC) $(LDFLAGS) $(OBJECTS) -lm -o $@\n\n"
      "$(OBJECTS): $(wildcard *.h)\n\nclean:\n\trm -f *.o firmware.elf\n",
      kCompiler, joined(compile_flags(mcu)), joined(link_flags(mcu)));
}

}  // namespace

std::vector<SourceFile> firmware_sources(const EmittedNetwork& network, const McuModel& mcu,
                                         const BoardModel& board, const BuildOptions& options) {
  const auto samples = samples_of(network.note, options);
  Bytes sample_bytes = 0;
  for (const auto& sample : samples) {
    for (const auto& input : sample) sample_bytes += input.size();
  }
  const Placement placement = place(network, sample_bytes, mcu);

  std::vector<SourceFile> files = network.files;
  for (SourceFile& file : fixed_files(console_driver(mcu, board))) files.push_back(std::move(file));
  files.push_back({"board.h", board_header(mcu, board)});
  files.push_back({"board.c", board_source(board)});
  files.push_back({"network_size.h", network_size_header(network.note, samples.size())});
  files.push_back({"network.c", network_source(network.note, samples)});
  files.push_back({"firmware.ld", linker_script(placement)});
  files.push_back({"Makefile", makefile(mcu)});
  return files;
}

}  // namespace mcusim::codegen
