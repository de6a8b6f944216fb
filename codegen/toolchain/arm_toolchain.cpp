#include <fmt/format.h>

#include "codegen/toolchain/build_steps.h"
#include "codegen/toolchain/compiler_flags.h"

namespace mcusim::codegen {
namespace {

using mcu_models::McuModel;

std::vector<Command> compile_commands(const std::vector<std::string>& sources, const McuModel& mcu,
                                      const std::filesystem::path& folder) {
  std::vector<Command> commands;
  for (const std::string& source : sources) {
    Command command = {kCompiler};
    for (std::string& flag : compile_flags(mcu)) command.push_back(std::move(flag));
    // The temporary folder's name must not reach the debug information.
    command.push_back(fmt::format("-ffile-prefix-map={}=.", folder.string()));
    command.insert(command.end(), {"-c", source, "-o", with_ending(source, ".o")});
    commands.push_back(std::move(command));
  }
  return commands;
}

Command link_command(const std::vector<std::string>& sources, const McuModel& mcu) {
  Command command = {kCompiler};
  for (std::string& flag : link_flags(mcu)) command.push_back(std::move(flag));
  for (const std::string& source : sources) command.push_back(with_ending(source, ".o"));
  command.insert(command.end(), {"-lm", "-o", kLinked});
  return command;
}

std::vector<BuildStep> steps(const std::vector<std::string>& sources, const McuModel& mcu,
                             const std::filesystem::path& folder) {
  return {{compile_commands(sources, mcu, folder)}, {{link_command(sources, mcu)}}};
}

std::string makefile(const McuModel& mcu) {
  return fmt::format(
      "CC = {}\nCFLAGS ={}\nLDFLAGS ={}\nOBJECTS = $(patsubst %.c,%.o,$(sort $(wildcard *.c)))\n\n"
      "firmware.elf: $(OBJECTS) firmware.ld\n\t$(CC) $(LDFLAGS) $(OBJECTS) -lm -o $@\n\n"
      "$(OBJECTS): $(wildcard *.h)\n\nclean:\n\trm -f *.o firmware.elf\n",
      kCompiler, joined(compile_flags(mcu)), joined(link_flags(mcu)));
}

}  // namespace

const Toolchain& arm_toolchain() {
  static const Toolchain kToolchain = {"arm", kObjcopy, "gcc-arm-none-eabi and libnewlib-arm-none-eabi",
                                       steps, makefile};
  return kToolchain;
}

}  // namespace mcusim::codegen
