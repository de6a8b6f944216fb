#pragma once

#include <imgui.h>

#include "viewer/window/input.h"

namespace mcusim::viewer {

/// Fonts, loaded at the size that they are drawn at.
struct Fonts {
  ImFont* text = nullptr;
  ImFont* fixed = nullptr;  ///< Fixed width: code.
};

/// Owns ImGui's context. It needs no window and no GL, so that tests drive views by Input alone.
class UiContext {
 public:
  UiContext();
  ~UiContext();
  UiContext(const UiContext&) = delete;
  UiContext& operator=(const UiContext&) = delete;

  /// Loads the fonts at `pixels`; a renderer must then upload the atlas again. Without the DejaVu fonts on
  /// this computer, ImGui's own.
  void load_fonts(float pixels);
  const Fonts& fonts() const { return fonts_; }

  void begin_frame(const Input& input);
  /// What is to be drawn; valid until the next begin_frame().
  ImDrawData* end_frame();

 private:
  Fonts fonts_;
};

}  // namespace mcusim::viewer
