#include <fmt/format.h>

#include <memory>

#include "cli/build_model.h"
#include "cli/command.h"
#include "codegen/toolchain/toolchain.h"
#include "common/error.h"
#include "common/files.h"

namespace mcusim::cli {
namespace {

namespace fs = std::filesystem;

struct BuildArguments {
  std::string model;
  std::string mcu;
  std::string board;
  std::string output;
  std::string emit_c;
};

void build(const BuildArguments& arguments) {
  const mcu_models::McuModel mcu = mcu_models::load_mcu(arguments.mcu);
  const mcu_models::BoardModel board = mcu_models::load_board(mcu, arguments.board);
  const codegen::EmittedNetwork network = generate(arguments.model);
  if (!arguments.output.empty()) {
    codegen::build_elf(network, mcu, board, {}, arguments.output);
    fmt::print("{}: {} for {} on {}\n", arguments.output, network.note.name, mcu.name, board.name);
  }
  if (!arguments.emit_c.empty()) {
    std::error_code error;
    fs::create_directories(arguments.emit_c, error);
    if (error)
      throw InputError(fmt::format("{}: {}; give a writable folder", arguments.emit_c, error.message()));
    const auto files = codegen::firmware_sources(network, mcu, board, {});
    for (const codegen::SourceFile& file : files)
      write_file(fs::path(arguments.emit_c) / file.name, file.content);
    fmt::print("{}: {} files\n", arguments.emit_c, files.size());
  }
}

}  // namespace

void add_build(CLI::App& app, int&) {
  auto arguments = std::make_shared<BuildArguments>();
  CLI::App* command = app.add_subcommand("build", "Builds the firmware of a network for a microcontroller");
  command->add_option("MODEL", arguments->model, "Trained network (.tflite)")->required();
  command->add_option("--mcu", arguments->mcu, "Microcontroller, or the path of a part's .toml file")
      ->required();
  command->add_option("--board", arguments->board, "Board; default: the MCU's usual one");
  command->add_option("-o,--output", arguments->output, "ELF to write");
  command->add_option("--emit-c", arguments->emit_c, "Folder to write all sources into");
  command->callback([arguments] {
    if (arguments->output.empty() && arguments->emit_c.empty()) {
      throw InputError("build: nothing to write; give -o FILE or --emit-c DIR");
    }
    build(*arguments);
  });
}

}  // namespace mcusim::cli
