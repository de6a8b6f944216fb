#pragma once

#include <memory>
#include <string>

#include "viewer/window/input.h"
#include "viewer/window/picture.h"
#include "viewer/window/ui_context.h"

namespace mcusim::viewer {

struct WindowOptions {
  int width = 1280, height = 800;
  bool is_visible = true;  ///< Screenshots need no visible window, but a display.
  std::string title = "mcusim";
};

/// A window of the desktop that ImGui draws on. Hides GLFW, GL and ImGui's renderer.
class Window {
 public:
  /// Throws InputError when there is no display or no OpenGL 3.
  explicit Window(const WindowOptions& options);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  UiContext& ui() { return ui_; }
  bool is_open() const;
  void close();

  /// Waits for the user at most `patience` seconds, then tells what happened since the call before.
  Input next_input(double patience);
  /// Call between frames.
  void load_fonts(float pixels);
  /// Each draws over `background`.
  void show(ImDrawData* frame, ImU32 background);
  /// Beside the window, at the frame's own size, and waits until it is drawn. Throws InputError when that is
  /// too large for GL.
  void draw_off_screen(ImDrawData* frame, ImU32 background);
  Picture picture_of(ImDrawData* frame, ImU32 background);

 private:
  struct State;
  UiContext ui_;
  std::unique_ptr<State> state_;
};

}  // namespace mcusim::viewer
