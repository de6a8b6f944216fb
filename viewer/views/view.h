#pragma once

#include <map>
#include <string>
#include <string_view>

#include "profiler/profile.h"
#include "viewer/model/selection.h"
#include "viewer/model/table.h"
#include "viewer/window/input.h"
#include "viewer/window/theme.h"
#include "viewer/window/ui_context.h"

namespace mcusim::viewer {

struct Rectangle {
  float left = 0, top = 0, right = 0, bottom = 0;
};

/// Where named things were drawn in the last frame: the tour points at them, tests click on them.
using Landmarks = std::map<std::string, Rectangle, std::less<>>;

/// What a view draws with, and what it may change.
struct Frame {
  const Input& input;
  const Theme& theme;
  const Fonts& fonts;
  Selection& selection;
  Landmarks& landmarks;
};

/// One page of the viewer. It is made for a profile that outlives it, and draws into ImGui's current window.
class View {
 public:
  virtual ~View() = default;
  virtual void draw(Frame& frame) = 0;
  /// Sorts, zooms and so on as the reader had it in `before`, a view of the same kind over what the file held
  /// before it changed.
  virtual void take_over(const View& /*before*/) {}
  /// What an export as CSV writes; null: this view has no table.
  virtual const Table* table() const { return nullptr; }
};

}  // namespace mcusim::viewer
