#include "viewer/model/code.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>

#include "common/error.h"
#include "common/files.h"
#include "viewer/model/causes.h"
#include "viewer/model/table.h"

namespace mcusim::viewer {

using profiler::FunctionProfile;
using profiler::InstructionProfile;
using profiler::Profile;

namespace {

constexpr Bytes kLargestSource = 16 << 20;
/// Lines shown around those of the function: its head, its closing bracket.
constexpr unsigned kLinesAround = 3;

std::span<const InstructionProfile> instructions_of(const Profile& profile, const FunctionProfile& function) {
  const auto& all = profile.instructions;
  const auto first = std::ranges::lower_bound(all, function.address, {}, &InstructionProfile::address);
  // Functions of unknown size end where the next executed one begins.
  std::uint64_t end = std::uint64_t{function.address} + function.size;
  if (function.size == 0) {
    end = std::uint64_t{1} << 32;
    for (const FunctionProfile& other : profile.functions)
      if (other.address > function.address) end = std::min<std::uint64_t>(end, other.address);
  }
  const auto last = std::ranges::lower_bound(
      first, all.end(), end, {},
      [](const InstructionProfile& instruction) { return std::uint64_t{instruction.address}; });
  return {first, last};
}

std::vector<std::string> lines_of(const std::string& file) {
  std::vector<std::string> lines;
  try {
    const auto bytes = read_file(file, kLargestSource);
    std::istringstream text(std::string(bytes.begin(), bytes.end()));
    for (std::string line; std::getline(text, line);) {
      std::ranges::replace(line, '\t', ' ');
      lines.push_back(line);
    }
  } catch (const InputError&) {
    // Sources are often on another computer.
  }
  return lines;
}

/// The line of the function's own file that an instruction belongs to, through what was inlined.
unsigned line_in(const Profile& profile, const InstructionProfile& instruction, const std::string& file) {
  if (instruction.place >= profile.source_places.size()) return 0;
  const emulator::SourceLocation& place = profile.source_places[instruction.place];
  if (place.at.file == file) return place.at.line;
  for (const emulator::SourceLine& outer : place.inlined_into)
    if (outer.file == file) return outer.line;
  return 0;
}

double relative(Cycles part, Cycles most) {
  return most == 0 ? 0 : static_cast<double>(part) / static_cast<double>(most);
}

}  // namespace

std::optional<Address> branch_target(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (text.empty() || (text[0] != 'b' && text[0] != 'c') || space == std::string_view::npos)
    return std::nullopt;
  const std::size_t number = text.find("#0x", space);
  if (number == std::string_view::npos || text.starts_with("bic") || text.starts_with("bf") ||
      text.starts_with("cm")) {
    return std::nullopt;
  }
  Address target = 0;
  const auto [end, error] = std::from_chars(text.data() + number + 3, text.data() + text.size(), target, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return target;
}

FunctionCode code_of(const Profile& profile, std::size_t index) {
  const FunctionProfile& function = profile.functions[index];
  const std::span<const InstructionProfile> instructions = instructions_of(profile, function);
  FunctionCode code;
  code.file = function.file;
  Cycles most = 0;
  for (const InstructionProfile& instruction : instructions) most = std::max(most, instruction.cycles);
  std::map<unsigned, SourceRow> by_line;
  for (const InstructionProfile& instruction : instructions) {
    const unsigned line = line_in(profile, instruction, code.file);
    code.instructions.push_back({&instruction, relative(instruction.cycles, most), line,
                                 worst_stall(profile, instruction.stalls), branch_target(instruction.text)});
    if (line == 0) continue;
    SourceRow& row = by_line[line];
    row.cycles += instruction.cycles;
    row.count = std::max(row.count, instruction.count);
  }
  if (by_line.empty()) return code;

  const std::vector<std::string> texts = lines_of(code.file);
  code.file_was_found = !texts.empty();
  Cycles most_of_line = 0;
  for (const auto& [line, row] : by_line) most_of_line = std::max(most_of_line, row.cycles);
  const auto add = [&](unsigned line) {
    SourceRow row = by_line.contains(line) ? by_line[line] : SourceRow{};
    row.line = line;
    row.heat = relative(row.cycles, most_of_line);
    if (line <= texts.size()) row.text = texts[line - 1];
    code.lines.push_back(std::move(row));
  };
  if (!code.file_was_found) {
    for (const auto& [line, row] : std::map(by_line)) add(line);
    return code;
  }
  const unsigned first = by_line.begin()->first, last = by_line.rbegin()->first;
  const unsigned end = std::min<unsigned>(last + kLinesAround, static_cast<unsigned>(texts.size()));
  for (unsigned line = first > kLinesAround ? first - kLinesAround : 1; line <= end; ++line) add(line);
  return code;
}

std::optional<std::size_t> FunctionCode::first_of_line(unsigned line) const {
  const auto found = std::ranges::find(instructions, line, &CodeRow::line);
  if (line == 0 || found == instructions.end()) return std::nullopt;
  return static_cast<std::size_t>(found - instructions.begin());
}

std::optional<std::size_t> FunctionCode::find(std::string_view text, std::size_t from) const {
  for (std::size_t i = 0; i < instructions.size(); ++i) {
    const std::size_t at = (from + i) % instructions.size();
    const InstructionProfile& instruction = *instructions[at].instruction;
    if (contains_ignoring_case(fmt::format("{:08x} {}", instruction.address, instruction.text), text))
      return at;
  }
  return std::nullopt;
}

}  // namespace mcusim::viewer
