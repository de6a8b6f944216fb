#include "profiler/exports/source_listing.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <sstream>

#include "common/error.h"
#include "common/files.h"

namespace mcusim::profiler {
namespace {

constexpr std::array<std::string_view, 12> kSourceEndings = {".c",   ".cc",  ".cpp", ".cxx", ".h",  ".hh",
                                                             ".hpp", ".inc", ".s",   ".asm", ".rs", ".ipp"};
constexpr Bytes kLargestSource = 4 << 20;
constexpr std::size_t kLongestLine = 400;
/// Listed on both sides of an executed line.
constexpr unsigned kLinesAround = 4;

bool is_source(const std::string& name) {
  std::string ending = std::filesystem::path(name).extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::ranges::find(kSourceEndings, ending) != kSourceEndings.end();
}

std::map<std::string, std::map<unsigned, ListedLine>> executed_lines(const Profile& profile) {
  std::map<std::string, std::map<unsigned, ListedLine>> files;
  for (const InstructionProfile& entry : profile.instructions) {
    if (entry.place == InstructionProfile::kNoPlace) continue;
    const emulator::SourceLine& at = profile.source_places[entry.place].at;
    if (at.file.empty() || at.line == 0) continue;
    ListedLine& line = files[at.file][at.line];
    line.number = at.line;
    line.count = std::max(line.count, entry.count);
    line.cycles += entry.cycles;
  }
  return files;
}

/// Gives `lines` their text and neighbours, and takes that from `room`. Answers why it could not.
std::string add_text(const std::string& name, std::map<unsigned, ListedLine>& lines, Bytes& room) {
  if (!is_source(name)) return "not a source file by its name";
  std::string text;
  try {
    const std::vector<std::uint8_t> content = read_file(name, kLargestSource);
    text.assign(content.begin(), content.end());
  } catch (const InputError&) {
    return "cannot be read here";
  }
  std::map<unsigned, ListedLine> listed = lines;
  std::istringstream stream(text);
  std::string line;
  Bytes taken = 0;
  for (unsigned number = 1; std::getline(stream, line); ++number) {
    const auto next = lines.lower_bound(number < kLinesAround ? 0 : number - kLinesAround);
    if (next == lines.end()) break;
    if (next->first > number + kLinesAround) continue;
    if (line.size() > kLongestLine) line.resize(kLongestLine);
    taken += line.size();
    ListedLine& entry = listed[number];
    entry.number = number;
    entry.text = line;
  }
  if (taken > room) return "left out, the listing is full";
  room -= taken;
  lines = std::move(listed);
  return "";
}

}  // namespace

std::vector<ListedFile> source_listing(const Profile& profile, Bytes most_text) {
  std::vector<std::pair<ListedFile, std::map<unsigned, ListedLine>>> files;
  for (auto& [name, lines] : executed_lines(profile)) {
    ListedFile file{name, 0, "", {}};
    for (const auto& [number, line] : lines) file.cycles += line.cycles;
    files.emplace_back(std::move(file), std::move(lines));
  }
  std::ranges::stable_sort(files, std::ranges::greater(), [](const auto& file) { return file.first.cycles; });
  std::vector<ListedFile> listing;
  for (auto& [file, lines] : files) {
    file.no_text = add_text(file.name, lines, most_text);
    for (auto& [number, line] : lines) file.lines.push_back(std::move(line));
    listing.push_back(std::move(file));
  }
  return listing;
}

}  // namespace mcusim::profiler
