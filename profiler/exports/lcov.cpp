#include "profiler/exports/lcov.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "common/error.h"
#include "profiler/exports/call_tree.h"

namespace mcusim::profiler {
namespace {

struct SourceFile {
  std::map<unsigned, std::uint64_t> counts;  ///< By line.
  struct Function {
    std::string name;
    unsigned line;
    std::uint64_t calls;
  };
  std::vector<Function> functions{};  ///< That begin there.
};

std::map<std::string, SourceFile> by_file(const Profile& profile) {
  std::map<std::string, SourceFile> files;
  for (const SourceFileCode& source : profile.source_files) {
    SourceFile& file = files[source.file];
    for (const std::uint32_t line : source.lines) file.counts[line] = 0;
    for (const SourceFileCode::Function& function : source.idle)
      file.functions.push_back({function.name, function.line, 0});
  }
  for (const InstructionProfile& entry : profile.instructions) {
    if (entry.place == InstructionProfile::kNoPlace) continue;
    const emulator::SourceLine& line = profile.source_places[entry.place].at;
    if (line.file.empty() || line.line == 0) continue;
    std::uint64_t& count = files[line.file].counts[line.line];
    count = std::max(count, entry.count);
  }
  for (const FunctionProfile& function : profile.functions) {
    const auto file = files.find(function.file);
    if (file != files.end() && function.line != 0)
      file->second.functions.push_back({function.name, function.line, function.calls});
  }
  return files;
}

/// Names of tests are words.
std::string test_name(std::string name) {
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

}  // namespace

std::string lcov_export(const Profile& profile) {
  const std::map<std::string, SourceFile> files = by_file(profile);
  if (files.empty()) {
    throw InputError(fmt::format(
        "{}: its profile has no source lines, so there is no tracefile of it; build the firmware with -g",
        profile.file));
  }
  std::string text = fmt::format("TN:{}\n", test_name(profile.network.value_or("")));
  const auto out = std::back_inserter(text);
  for (const auto& [name, file] : files) {
    fmt::format_to(out, "SF:{}\n", one_line(name));
    for (const SourceFile::Function& function : file.functions)
      fmt::format_to(out, "FN:{},{}\n", function.line, one_line(function.name));
    for (const SourceFile::Function& function : file.functions)
      fmt::format_to(out, "FNDA:{},{}\n", function.calls, one_line(function.name));
    fmt::format_to(out, "FNF:{}\nFNH:{}\n", file.functions.size(),
                   std::ranges::count_if(file.functions, [](const auto& entry) { return entry.calls != 0; }));
    for (const auto& [line, count] : file.counts) fmt::format_to(out, "DA:{},{}\n", line, count);
    fmt::format_to(out, "LF:{}\nLH:{}\nend_of_record\n", file.counts.size(),
                   std::ranges::count_if(file.counts, [](const auto& line) { return line.second != 0; }));
  }
  return text;
}

}  // namespace mcusim::profiler
