#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "viewer/window/input.h"

namespace mcusim::viewer {

struct KeyChord {
  Key key = Key::count;  ///< count: none.
  bool ctrl = false;
};

/// Something that the reader can have done: by its key, or by name from the palette.
struct Command {
  std::string name;
  KeyChord chord;
  std::function<void()> act;
};

/// "Ctrl+P"; empty without a key.
std::string to_text(const KeyChord& chord);

bool is_pressed(const KeyChord& chord, const Input& input);

/// Commands whose name contains every word of `text`, in their order.
std::vector<const Command*> matching(const std::vector<Command>& commands, std::string_view text);

}  // namespace mcusim::viewer
