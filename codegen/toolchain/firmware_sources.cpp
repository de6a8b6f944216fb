#include <fmt/format.h>

#include <span>

#include "codegen/toolchain/board_source.h"
#include "codegen/toolchain/build_steps.h"
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

/// The fixed files: those for all cores and those for the core's toolchain, of the console drivers only the
/// one that the board needs.
std::vector<SourceFile> fixed_files(const std::string& toolchain, const std::string& driver) {
  const std::string common = "target";
  std::vector<SourceFile> files;
  for (const EmbeddedFile& file : target_sources) {
    const std::size_t slash = file.name.rfind('/');
    const std::string_view folder = file.name.substr(0, slash);
    const std::string name(file.name.substr(slash + 1));
    const bool is_wanted = folder == common || folder == common + "/" + toolchain;
    const bool is_driver = name.starts_with("console_");
    if (is_wanted && (!is_driver || name == driver)) files.push_back({name, std::string(file.content)});
  }
  return files;
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
  const Toolchain& toolchain = toolchain_of(mcu);
  for (SourceFile& file : fixed_files(toolchain.source_folder, console_driver(mcu, board))) {
    files.push_back(std::move(file));
  }
  files.push_back({"board.h", board_header(mcu, board)});
  files.push_back({"board.c", board_source(mcu, board)});
  files.push_back({"network_size.h", network_size_header(network.note, samples.size())});
  files.push_back({"network.c", network_source(network.note, samples, is_big_endian(mcu.core.architecture))});
  files.push_back({"firmware.ld", linker_script(placement, mcu.core.architecture)});
  files.push_back({"Makefile", toolchain.makefile(mcu)});
  return files;
}

}  // namespace mcusim::codegen
