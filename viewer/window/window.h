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
  void show(ImDrawData* frame);
  /// The frame drawn beside the window, at its own size. Throws InputError when that is too large for GL.
  Picture picture_of(ImDrawData* frame);

 private:
  struct State;
  UiContext ui_;
  std::unique_ptr<State> state_;
};

}  // namespace mcusim::viewer
