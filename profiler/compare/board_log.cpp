#include <fmt/format.h>

#include <set>

#include "common/error.h"
#include "profiler/compare/reference.h"
#include "profiler/compare/text_fields.h"

namespace mcusim::profiler {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; (begin = line.find_first_not_of(' ', begin)) != std::string_view::npos;) {
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

}  // namespace

Reference read_board_log(std::string_view text, std::string_view file) {
  const auto fail = [&](const std::string& fault) {
    return InputError(fmt::format("{}: {}; capture the log again, from 'mcusim-log' to 'end'", file, fault));
  };
  constexpr std::string_view kBegin = "mcusim-log ";
  const std::size_t begin = text.find(kBegin);
  if (begin == std::string_view::npos) throw fail("no line 'mcusim-log'");
  text.remove_prefix(begin + kBegin.size());
  if (take_line(text) != "1") throw fail("a version of the log that this program does not know");
  Reference reference;
  std::string network, mcu;
  std::set<std::int64_t> seen;
  for (bool ended = false; !ended;) {
    if (text.empty()) throw fail("the log ends before its line 'end'");
    const std::string_view line = take_line(text);
    const std::vector<std::string_view> words = words_of(line);
    ended = line == "end";
    if (words.size() == 2 && words[0] == "network:") network = words[1];
    if (words.size() == 2 && words[0] == "mcu:") mcu = words[1];
    // index name op macc cycles ms
    if (words.size() != 6) continue;
    const auto index = whole_number(words[0]);
    const auto cycles = whole_number(words[4]);
    if (!index) continue;
    if (!cycles) throw fail(fmt::format("layer {} has no cycles", *index));
    if (!seen.insert(*index).second) throw fail(fmt::format("layer {} is there twice", *index));
    reference.parts.push_back({std::string(words[1]), index, static_cast<double>(*cycles)});
  }
  if (reference.parts.empty()) throw fail("no layers");
  reference.title = fmt::format("board log of {} on {}", network, mcu);
  return reference;
}

}  // namespace mcusim::profiler
