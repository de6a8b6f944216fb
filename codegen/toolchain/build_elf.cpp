#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <thread>

#include "codegen/toolchain/build_steps.h"
#include "codegen/toolchain/process.h"
#include "codegen/toolchain/text.h"
#include "codegen/toolchain/toolchain.h"
#include "common/error.h"
#include "common/files.h"

namespace mcusim::codegen {
namespace {

namespace fs = std::filesystem;
using mcu_models::BoardModel;
using mcu_models::McuModel;

constexpr const char* kInferenceCount = "net_inference_count";  // Defined by target/main.c.
constexpr const char* kNoteFile = "network.json";
constexpr const char* kFinished = "firmware.elf";

/// In the order in which the Makefile links them too.
std::vector<std::string> translation_units(const std::vector<SourceFile>& files) {
  std::vector<std::string> names;
  for (const SourceFile& file : files) {
    if (file.name.ends_with(".c") || file.name.ends_with(".s")) names.push_back(file.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

void write_sources(const std::vector<SourceFile>& files, const fs::path& folder) {
  for (const SourceFile& file : files) {
    if (fs::path(file.name).filename() != file.name) {
      throw std::logic_error("a source file's name has folders: " + file.name);
    }
    write_file(folder / file.name, file.content);
  }
}

Command note_command(const std::string& objcopy) {
  return {objcopy, fmt::format("--add-section={}={}", kNetworkNoteSection, kNoteFile),
          fmt::format("--set-section-flags={}=readonly", kNetworkNoteSection), kLinked, kFinished};
}

/// The first line of the output that tells of an error, or the last one.
std::string error_line(const std::string& output) {
  std::string last;
  std::size_t at = 0;
  while (at < output.size()) {
    const std::size_t end = std::min(output.find('\n', at), output.size());
    const std::string line = output.substr(at, end - at);
    if (line.find("error") != std::string::npos || line.find("undefined reference") != std::string::npos) {
      return line;
    }
    if (!line.empty()) last = line;
    at = end + 1;
  }
  return last;
}

/// The linker's "region `FLASH' overflowed by 1234 bytes", in our words.
void check_overflow(const std::string& output, const std::string& network, const McuModel& mcu) {
  static const std::regex kOverflow("region `([A-Z]+)' overflowed by ([0-9]+) bytes");
  std::smatch match;
  if (!std::regex_search(output, match, kOverflow)) return;
  const std::string what = match[1] == "FLASH" ? "code and weights need" : "tensors, stack and data need";
  const std::string where = match[1] == "FLASH" ? "flash" : "RAM";
  throw InputError(
      fmt::format("{}: {} {} bytes more {} than {} has; choose a larger MCU or a smaller network", network,
                  what, match[2].str(), where, mcu.name));
}

void check(const std::vector<Command>& commands, const std::vector<CommandResult>& results,
           const std::string& network, const McuModel& mcu) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    const CommandResult& result = results[i];
    const std::string& program = commands[i].front();
    if (result.status == CommandResult::Status::not_found) {
      throw InputError(fmt::format("{}: not found; install the packages {}, or add it to PATH", program,
                                   toolchain_of(mcu).packages));
    }
    if (result.status == CommandResult::Status::timed_out) {
      throw InputError(
          fmt::format("{}: {} ran too long and was stopped; make the network smaller", network, program));
    }
    if (result.exit_code > 0) {
      check_overflow(result.output, network, mcu);
      throw InputError(fmt::format("{}: {} failed: {}; check the compiler's installation", network, program,
                                   error_line(result.output)));
    }
  }
}

void run_and_check(const std::vector<Command>& commands, const fs::path& folder, const std::string& network,
                   const McuModel& mcu) {
  RunOptions options;
  options.folder = folder;
  options.parallel = std::clamp(std::thread::hardware_concurrency(), 2u, 4u);
  check(commands, run_commands(commands, options), network, mcu);
}

}  // namespace

void build_elf(const EmittedNetwork& network, const McuModel& mcu, const BoardModel& board,
               const BuildOptions& options, const fs::path& elf) {
  const std::vector<SourceFile> files = firmware_sources(network, mcu, board, options);
  const std::vector<std::string> sources = translation_units(files);
  const Toolchain& toolchain = toolchain_of(mcu);
  const std::string name = table_word(network.note.name);
  NetworkNote note = network.note;
  note.inference_count = kInferenceCount;

  const TemporaryDirectory folder;
  write_sources(files, folder.path());
  write_file(folder.path() / kNoteFile, to_json(note));
  std::vector<BuildStep> steps = toolchain.steps(sources, mcu, folder.path());
  steps.push_back({{note_command(toolchain.objcopy)}});
  for (const BuildStep& step : steps) {
    run_and_check(step.commands, folder.path(), name, mcu);
    step.then();
  }
  write_file(elf, read_file(folder.path() / kFinished));
}

}  // namespace mcusim::codegen
