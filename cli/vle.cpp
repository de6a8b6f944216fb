#include <memory>
#include <string>

#include "cli/command.h"
#include "codegen/toolchain/vle/convert.h"
#include "common/files.h"

namespace mcusim::cli {
namespace {

struct Arguments {
  std::string input;
  std::string output;
};

void convert_file(const Arguments& arguments) {
  const std::vector<std::uint8_t> bytes = read_file(arguments.input);
  const std::string_view assembly(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  write_file(arguments.output, codegen::vle::convert(assembly, arguments.input));
}

}  // namespace

void add_vle(CLI::App& app, int&) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("vle", "Converts clang's PowerPC assembly to VLE (docs/vle.md)");
  command->add_option("FILE.s", arguments->input, "Assembly for an e500 core")->required();
  command->add_option("-o,--output", arguments->output, "The VLE assembly to write")->required();
  command->callback([arguments] { convert_file(*arguments); });
}

}  // namespace mcusim::cli
