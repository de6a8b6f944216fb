#include "viewer/window/window.h"

#include <backends/imgui_impl_opengl3.h>
// GLFW brings the GL headers.
#define GL_GLEXT_PROTOTYPES
#define GLFW_INCLUDE_GLEXT
#include <GLFW/glfw3.h>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "common/error.h"

namespace mcusim::viewer {

namespace {

constexpr std::pair<int, Key> kSingleKeys[] = {{GLFW_KEY_TAB, Key::tab},
                                               {GLFW_KEY_LEFT, Key::left},
                                               {GLFW_KEY_RIGHT, Key::right},
                                               {GLFW_KEY_UP, Key::up},
                                               {GLFW_KEY_DOWN, Key::down},
                                               {GLFW_KEY_PAGE_UP, Key::page_up},
                                               {GLFW_KEY_PAGE_DOWN, Key::page_down},
                                               {GLFW_KEY_HOME, Key::home},
                                               {GLFW_KEY_END, Key::end},
                                               {GLFW_KEY_INSERT, Key::insert},
                                               {GLFW_KEY_DELETE, Key::del},
                                               {GLFW_KEY_BACKSPACE, Key::backspace},
                                               {GLFW_KEY_SPACE, Key::space},
                                               {GLFW_KEY_ENTER, Key::enter},
                                               {GLFW_KEY_KP_ENTER, Key::enter},
                                               {GLFW_KEY_ESCAPE, Key::escape},
                                               {GLFW_KEY_EQUAL, Key::plus},
                                               {GLFW_KEY_KP_ADD, Key::plus},
                                               {GLFW_KEY_MINUS, Key::minus},
                                               {GLFW_KEY_KP_SUBTRACT, Key::minus},
                                               {GLFW_KEY_F1, Key::f1},
                                               {GLFW_KEY_F5, Key::f5}};

Key key_from(int glfw_key) {
  const auto in_row = [&](int first, Key key) {
    return static_cast<Key>(static_cast<int>(key) + glfw_key - first);
  };
  if (glfw_key >= GLFW_KEY_A && glfw_key <= GLFW_KEY_Z) return in_row(GLFW_KEY_A, Key::a);
  if (glfw_key >= GLFW_KEY_0 && glfw_key <= GLFW_KEY_9) return in_row(GLFW_KEY_0, Key::digit_0);
  const auto* found = std::ranges::find(kSingleKeys, glfw_key, &std::pair<int, Key>::first);
  return found == std::end(kSingleKeys) ? Key::count : found->second;
}

Input& input_of(GLFWwindow* window) { return *static_cast<Input*>(glfwGetWindowUserPointer(window)); }

void on_key(GLFWwindow* window, int glfw_key, int, int action, int) {
  const Key key = key_from(glfw_key);
  if (key == Key::count) return;
  Input& input = input_of(window);
  const auto index = static_cast<std::size_t>(key);
  input.keys[index] = action != GLFW_RELEASE;
  if (action != GLFW_RELEASE) input.pressed[index] = true;
}

void on_text(GLFWwindow* window, unsigned letter) { input_of(window).text += static_cast<char32_t>(letter); }

void on_scroll(GLFWwindow* window, double, double steps) {
  input_of(window).wheel += static_cast<float>(steps);
}

void on_refresh(GLFWwindow* window) { input_of(window).was_uncovered = true; }

void on_drop(GLFWwindow* window, int count, const char** paths) {
  for (int i = 0; i < count; ++i) input_of(window).dropped_files.emplace_back(paths[i]);
}

/// Something to draw on that is no window: what a window holds is only defined where the desktop shows it.
class OffScreen {
 public:
  OffScreen(GLsizei width, GLsizei height) : width_(width), height_(height) {
    glGenFramebuffers(1, &buffer_);
    glGenRenderbuffers(1, &pixels_);
    glBindRenderbuffer(GL_RENDERBUFFER, pixels_);
    glRenderbufferStorage(GL_RENDERBUFFER, GL_RGB8, width, height);
    glBindFramebuffer(GL_FRAMEBUFFER, buffer_);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, pixels_);
  }
  ~OffScreen() {
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glDeleteFramebuffers(1, &buffer_);
    glDeleteRenderbuffers(1, &pixels_);
  }
  OffScreen(const OffScreen&) = delete;
  OffScreen& operator=(const OffScreen&) = delete;

  bool is_as_large_as(GLsizei width, GLsizei height) const { return width == width_ && height == height_; }

 private:
  GLsizei width_, height_;
  GLuint buffer_ = 0, pixels_ = 0;
};

void render(ImDrawData* frame, ImU32 background) {
  ImGui_ImplOpenGL3_NewFrame();
  glViewport(0, 0, static_cast<int>(frame->DisplaySize.x), static_cast<int>(frame->DisplaySize.y));
  // The GL clears faster than it fills a rectangle.
  const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(background);
  glClearColor(colour.x, colour.y, colour.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(frame);
}

[[noreturn]] void refuse(const std::string& fault) {
  throw InputError("window: " + fault + "; start it on a desktop, or under xvfb-run for --screenshot");
}

}  // namespace

struct Window::State {
  GLFWwindow* window = nullptr;
  Input input;  ///< Collected by the callbacks.
  double last_time = 0;
  std::optional<OffScreen> off_screen;
};

Window::Window(const WindowOptions& options) : state_(std::make_unique<State>()) {
  if (!glfwInit()) refuse("no display");
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHint(GLFW_VISIBLE, options.is_visible ? GLFW_TRUE : GLFW_FALSE);
  state_->window = glfwCreateWindow(options.width, options.height, options.title.c_str(), nullptr, nullptr);
  if (state_->window == nullptr) {
    glfwTerminate();
    refuse("no OpenGL 3.2");
  }
  glfwSetWindowUserPointer(state_->window, &state_->input);
  glfwMakeContextCurrent(state_->window);
  glfwSwapInterval(options.is_visible ? 1 : 0);
  glfwSetKeyCallback(state_->window, on_key);
  glfwSetCharCallback(state_->window, on_text);
  glfwSetScrollCallback(state_->window, on_scroll);
  glfwSetWindowRefreshCallback(state_->window, on_refresh);
  glfwSetDropCallback(state_->window, on_drop);
  ImGui_ImplOpenGL3_Init("#version 150");
  state_->last_time = glfwGetTime();
}

Window::~Window() {
  state_->off_screen.reset();
  ImGui_ImplOpenGL3_Shutdown();
  glfwDestroyWindow(state_->window);
  glfwTerminate();
}

bool Window::is_open() const { return !glfwWindowShouldClose(state_->window); }

void Window::close() { glfwSetWindowShouldClose(state_->window, GLFW_TRUE); }

Input Window::next_input(double patience) {
  Input& input = state_->input;
  if (patience > 0) {
    glfwWaitEventsTimeout(patience);
  } else {
    glfwPollEvents();
  }
  GLFWwindow* window = state_->window;
  int width = 0, height = 0, window_width = 0, window_height = 0;
  glfwGetFramebufferSize(window, &width, &height);
  glfwGetWindowSize(window, &window_width, &window_height);
  input.width = static_cast<float>(width);
  input.height = static_cast<float>(height);
  float vertical_scale = 1;
  glfwGetWindowContentScale(window, &input.dpi_scale, &vertical_scale);
  // The mouse moves in window coordinates, which some desktops count in larger units than pixels.
  const double pixels = window_width > 0 ? static_cast<double>(width) / window_width : 1;
  double x = -1, y = -1;
  if (glfwGetWindowAttrib(window, GLFW_HOVERED)) glfwGetCursorPos(window, &x, &y);
  input.mouse_x = static_cast<float>(x * pixels);
  input.mouse_y = static_cast<float>(y * pixels);
  constexpr int kButtons[kMouseButtons] = {GLFW_MOUSE_BUTTON_LEFT, GLFW_MOUSE_BUTTON_RIGHT,
                                           GLFW_MOUSE_BUTTON_MIDDLE};
  for (std::size_t i = 0; i < kMouseButtons; ++i)
    input.buttons[i] = glfwGetMouseButton(window, kButtons[i]) == GLFW_PRESS;
  const auto is_held = [&](int one, int other) {
    return glfwGetKey(window, one) == GLFW_PRESS || glfwGetKey(window, other) == GLFW_PRESS;
  };
  input.ctrl = is_held(GLFW_KEY_LEFT_CONTROL, GLFW_KEY_RIGHT_CONTROL);
  input.shift = is_held(GLFW_KEY_LEFT_SHIFT, GLFW_KEY_RIGHT_SHIFT);
  input.alt = is_held(GLFW_KEY_LEFT_ALT, GLFW_KEY_RIGHT_ALT);
  const double now = glfwGetTime();
  input.seconds = static_cast<float>(now - std::exchange(state_->last_time, now));

  Input happened = input;
  input.wheel = 0;
  input.pressed.reset();
  input.text.clear();
  input.dropped_files.clear();
  input.was_uncovered = false;
  return happened;
}

void Window::load_fonts(float pixels) {
  ui_.load_fonts(pixels);
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
}

void Window::show(ImDrawData* frame, ImU32 background) {
  state_->off_screen.reset();
  render(frame, background);
  glfwSwapBuffers(state_->window);
}

void Window::draw_off_screen(ImDrawData* frame, ImU32 background) {
  const auto width = static_cast<GLsizei>(frame->DisplaySize.x),
             height = static_cast<GLsizei>(frame->DisplaySize.y);
  GLint largest = 0;
  glGetIntegerv(GL_MAX_RENDERBUFFER_SIZE, &largest);
  if (width > largest || height > largest)
    throw InputError(fmt::format("--size {}x{}: larger than this OpenGL draws; take at most {}x{}", width,
                                 height, largest, largest));
  if (!state_->off_screen || !state_->off_screen->is_as_large_as(width, height))
    state_->off_screen.emplace(width, height);
  render(frame, background);
  glFinish();
}

Picture Window::picture_of(ImDrawData* frame, ImU32 background) {
  draw_off_screen(frame, background);
  const auto width = static_cast<GLsizei>(frame->DisplaySize.x),
             height = static_cast<GLsizei>(frame->DisplaySize.y);
  Picture picture{static_cast<unsigned>(width), static_cast<unsigned>(height), {}};
  const auto row = static_cast<std::ptrdiff_t>(3) * width;
  picture.rgb.resize(static_cast<std::size_t>(row * height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, picture.rgb.data());
  // GL counts rows from the bottom.
  const auto first = picture.rgb.begin();
  for (std::ptrdiff_t top = 0, bottom = height - 1; top < bottom; ++top, --bottom)
    std::swap_ranges(first + top * row, first + (top + 1) * row, first + bottom * row);
  return picture;
}

}  // namespace mcusim::viewer
