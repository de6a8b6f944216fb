#include <fmt/format.h>

#include <filesystem>

#include "codegen/toolchain/build_steps.h"
#include "codegen/toolchain/vle/convert.h"
#include "codegen/toolchain/vle/flags.h"
#include "common/files.h"

namespace mcusim::codegen {
namespace {

using mcu_models::McuModel;

constexpr const char* kAssembler = "powerpc-linux-gnu-as";
constexpr const char* kLinker = "powerpc-linux-gnu-ld";

bool is_c(const std::string& source) { return source.ends_with(".c"); }

/// What clang writes and the converter reads; ".s" without "book_e" is VLE already.
std::string book_e(const std::string& source) { return with_ending(source, ".book_e.s"); }

std::string vle_assembly(const std::string& source) {
  return is_c(source) ? with_ending(source, ".vle.s") : source;
}

std::vector<Command> compile_commands(const std::vector<std::string>& sources,
                                      const std::filesystem::path& folder) {
  std::vector<Command> commands;
  for (const std::string& source : sources) {
    if (!is_c(source)) continue;
    Command command = {vle::kCompiler};
    for (const std::string& flag : vle::compile_flags()) command.push_back(flag);
    // The temporary folder's name must not reach the debug information.
    command.push_back(fmt::format("-ffile-prefix-map={}=.", folder.string()));
    command.insert(command.end(), {"-S", source, "-o", book_e(source)});
    commands.push_back(std::move(command));
  }
  return commands;
}

void convert_all(const std::vector<std::string>& sources, const std::filesystem::path& folder) {
  for (const std::string& source : sources) {
    if (!is_c(source)) continue;
    const std::vector<std::uint8_t> bytes = read_file(folder / book_e(source));
    const std::string_view assembly(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    write_file(folder / vle_assembly(source), vle::convert(assembly, book_e(source)));
  }
}

std::vector<Command> assemble_commands(const std::vector<std::string>& sources) {
  std::vector<Command> commands;
  for (const std::string& source : sources) {
    Command command = {kAssembler};
    for (const std::string& flag : vle::assemble_flags()) command.push_back(flag);
    command.insert(command.end(), {vle_assembly(source), "-o", with_ending(source, ".o")});
    commands.push_back(std::move(command));
  }
  return commands;
}

Command link_command(const std::vector<std::string>& sources) {
  Command command = {kLinker};
  for (const std::string& flag : vle::link_flags()) command.push_back(flag);
  for (const std::string& source : sources) command.push_back(with_ending(source, ".o"));
  command.insert(command.end(), {"-o", kLinked});
  return command;
}

std::vector<BuildStep> steps(const std::vector<std::string>& sources, const McuModel&,
                             const std::filesystem::path& folder) {
  return {{compile_commands(sources, folder), [=] { convert_all(sources, folder); }},
          {assemble_commands(sources)},
          {{link_command(sources)}}};
}

std::string makefile(const McuModel&) {
  return fmt::format(
      "CC = {}\nAS = {}\nLD = {}\nCFLAGS ={}\nASFLAGS ={}\nLDFLAGS ={}\n"
      "OBJECTS = $(sort $(patsubst %.c,%.o,$(wildcard *.c)) reset.o)\n\n"
      "firmware.elf: $(OBJECTS) firmware.ld\n\t$(LD) $(LDFLAGS) $(OBJECTS) -o $@\n\n"
      "%.o: %.c $(wildcard *.h)\n\t$(CC) $(CFLAGS) -S $< -o $*.book_e.s\n"
      "\tmcusim vle $*.book_e.s -o $*.vle.s\n\t$(AS) $(ASFLAGS) $*.vle.s -o $@\n\n"
      "reset.o: reset.s\n\t$(AS) $(ASFLAGS) $< -o $@\n\n"
      "clean:\n\trm -f *.o *.book_e.s *.vle.s firmware.elf\n",
      vle::kCompiler, kAssembler, kLinker, joined(vle::compile_flags()), joined(vle::assemble_flags()),
      joined(vle::link_flags()));
}

}  // namespace

const Toolchain& vle_toolchain() {
  static const Toolchain kToolchain = {"vle", "powerpc-linux-gnu-objcopy",
                                       "clang and binutils-powerpc-linux-gnu", steps, makefile};
  return kToolchain;
}

}  // namespace mcusim::codegen
