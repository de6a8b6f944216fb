#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::viewer {

/// An instruction of a function with what is shown beside it.
struct CodeRow {
  const profiler::InstructionProfile* instruction = nullptr;
  double heat = 0;    ///< Its cycles, relative to the most expensive of the function.
  unsigned line = 0;  ///< Of the function's own file; 0: unknown or of another file.
  std::string worst_stall;
  std::optional<Address> target;  ///< Where a branch or call goes.
};

/// A line of source with what its instructions cost.
struct SourceRow {
  unsigned line = 0;
  std::string text;
  std::uint64_t count = 0;  ///< Of its most executed instruction.
  Cycles cycles = 0;
  double heat = 0;
};

/// The code of one function: its instructions, and the lines of the file it was written in.
struct FunctionCode {
  std::string file;  ///< As the compiler recorded it; empty: unknown.
  bool file_was_found = false;
  std::vector<CodeRow> instructions;  ///< By address.
  std::vector<SourceRow> lines;       ///< From the first that the function needs to the last.

  /// Position of the first instruction of a line of the function's own file.
  std::optional<std::size_t> first_of_line(unsigned line) const;
  /// Position of the first instruction that is text, address or mnemonic like `text`, from `from` on, round
  /// the end; nothing when there is none.
  std::optional<std::size_t> find(std::string_view text, std::size_t from) const;
};

/// Reads the source file, if it is still where the compiler saw it. The profile must outlive the result.
FunctionCode code_of(const profiler::Profile& profile, std::size_t function);

/// The target of a branch's text, as "bl #0x8000440".
std::optional<Address> branch_target(std::string_view text);

}  // namespace mcusim::viewer
