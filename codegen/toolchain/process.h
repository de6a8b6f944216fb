#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace mcusim::codegen {

/// A program and its arguments; the first is found through PATH. No shell is involved.
using Command = std::vector<std::string>;

struct CommandResult {
  enum class Status { done, not_found, timed_out };
  Status status = Status::done;
  int exit_code = 0;   ///< 128 + signal number when killed.
  std::string output;  ///< Standard output and error; at most 64 KB are kept.
};

struct RunOptions {
  std::filesystem::path folder;                   ///< Working and temporary directory of the programs.
  unsigned parallel = 2;                          ///< How many run at once.
  std::chrono::milliseconds time_limit{600'000};  ///< For all together; what still runs then is killed.
};

/// Runs the commands and returns their results in the same order. Once one has failed, no further one is
/// started; those that never ran have exit code -1.
std::vector<CommandResult> run_commands(const std::vector<Command>& commands, const RunOptions& options);

}  // namespace mcusim::codegen
