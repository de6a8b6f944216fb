#include "viewer/model/commands.h"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "viewer/model/table.h"

namespace mcusim::viewer {
namespace {

std::string name_of(Key key) {
  if (key >= Key::a && key <= Key::z)
    return {static_cast<char>('A' + static_cast<int>(key) - static_cast<int>(Key::a))};
  if (key >= Key::digit_0 && key <= Key::digit_9)
    return std::to_string(static_cast<int>(key) - static_cast<int>(Key::digit_0));
  switch (key) {
    case Key::f1:
      return "F1";
    case Key::f5:
      return "F5";
    case Key::page_up:
      return "Page Up";
    case Key::page_down:
      return "Page Down";
    case Key::plus:
      return "+";
    case Key::minus:
      return "-";
    default:
      return "";
  }
}

}  // namespace

std::string to_text(const KeyChord& chord) {
  return chord.key == Key::count ? "" : (chord.ctrl ? "Ctrl+" : "") + name_of(chord.key);
}

bool is_pressed(const KeyChord& chord, const Input& input) {
  return chord.key != Key::count && input.is_pressed(chord.key) && input.ctrl == chord.ctrl && !input.alt;
}

std::vector<const Command*> matching(const std::vector<Command>& commands, std::string_view text) {
  std::vector<const Command*> found;
  for (const Command& command : commands) {
    std::istringstream words{std::string(text)};
    const bool matches =
        std::all_of(std::istream_iterator<std::string>(words), {},
                    [&](const std::string& word) { return contains_ignoring_case(command.name, word); });
    if (matches) found.push_back(&command);
  }
  return found;
}

}  // namespace mcusim::viewer
