#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <new>
#include <utility>

#include "common/error.h"
#include "viewer/app.h"
#include "viewer/window/window.h"

namespace mcusim::viewer {
namespace {

struct Arguments {
  std::string profile, other, screenshot, size, view, theme;
  unsigned scale_percent = 100;
  unsigned bench_frames = 0;

  bool is_for_scripts() const { return !screenshot.empty() || bench_frames != 0; }
};

struct Size {
  int width = 0, height = 0;
};

constexpr int kLargestSide = 16384;
constexpr int kLeastSide = 64;
/// ImGui lays out some things by what it measured in the frame before.
constexpr int kFramesToSettle = 4;
constexpr double kPatience = 0.1;  ///< Seconds between looks at the files.

Size parse_size(const std::string& text) {
  Size size;
  int used = 0;
  const bool is_size = std::sscanf(text.c_str(), "%5dx%5d%n", &size.width, &size.height, &used) == 2 &&
                       used == static_cast<int>(text.size());
  const auto fits = [](int side) { return side >= kLeastSide && side <= kLargestSide; };
  if (!is_size || !fits(size.width) || !fits(size.height))
    throw InputError(fmt::format("--size {}: not a size; give one as 1280x800, {} to {} pixels a side", text,
                                 kLeastSide, kLargestSide));
  return size;
}

/// Pictures look the same on every computer: nothing that earlier starts left counts.
Settings settings_for(const Arguments& arguments) {
  Settings settings;
  if (arguments.is_for_scripts()) {
    settings.tour_is_done = true;
  } else {
    settings = load_settings();
  }
  if (!arguments.size.empty())
    std::tie(settings.width, settings.height) =
        std::pair(parse_size(arguments.size).width, parse_size(arguments.size).height);
  if (!arguments.theme.empty()) settings.is_dark = arguments.theme == "dark";
  return settings;
}

ImDrawData* draw_frame(Window& window, App& app, const Input& input, float& loaded_pixels) {
  const float pixels = app.font_pixels(input);
  if (pixels != loaded_pixels) window.load_fonts(loaded_pixels = pixels);
  window.ui().begin_frame(input);
  app.draw(input, window.ui().fonts());
  return window.ui().end_frame();
}

Input input_for_picture(const Settings& settings, const Arguments& arguments) {
  Input input;
  input.width = static_cast<float>(settings.width);
  input.height = static_cast<float>(settings.height);
  input.dpi_scale = static_cast<float>(arguments.scale_percent) / 100;
  return input;
}

void take_screenshot(Window& window, App& app, const Arguments& arguments) {
  const Input input = input_for_picture(app.settings(), arguments);
  float loaded_pixels = 0;
  ImDrawData* frame = nullptr;
  for (int i = 0; i < kFramesToSettle; ++i) frame = draw_frame(window, app, input, loaded_pixels);
  write_png(arguments.screenshot, window.picture_of(frame, app.background()));
}

/// What frames take, in milliseconds.
class FrameTimes {
 public:
  void add(double milliseconds) { all_.push_back(milliseconds); }
  double median() {
    std::ranges::sort(all_);
    return all_[all_.size() / 2];
  }
  double slowest() const { return std::ranges::max(all_); }

 private:
  std::vector<double> all_;
};

void print_frame_times(Window& window, App& app, const Arguments& arguments) {
  using Clock = std::chrono::steady_clock;
  const auto milliseconds = [](Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
  };
  const Input input = input_for_picture(app.settings(), arguments);
  float loaded_pixels = 0;
  for (int i = 0; i < kFramesToSettle; ++i)
    window.draw_off_screen(draw_frame(window, app, input, loaded_pixels), app.background());
  FrameTimes whole, ours, gl;
  for (unsigned i = 0; i < arguments.bench_frames; ++i) {
    const Clock::time_point begin = Clock::now();
    ImDrawData* const frame = draw_frame(window, app, input, loaded_pixels);
    const Clock::time_point laid_out = Clock::now();
    window.draw_off_screen(frame, app.background());
    const Clock::time_point end = Clock::now();
    whole.add(milliseconds(begin, end));
    ours.add(milliseconds(begin, laid_out));
    gl.add(milliseconds(laid_out, end));
  }
  fmt::print(
      "{} frames of {}: median {:.2f} ms (laying out {:.2f}, OpenGL {:.2f}), slowest {:.2f} ms ({:.2f}, "
      "{:.2f})\n",
      arguments.bench_frames, app.settings().view, whole.median(), ours.median(), gl.median(),
      whole.slowest(), ours.slowest(), gl.slowest());
}

void run_window(Window& window, App& app) {
  float loaded_pixels = 0;
  Input input = window.next_input(0), before = input;
  int frames_left = kFramesToSettle;
  while (window.is_open() && !app.wants_to_quit()) {
    if (app.reload_changed_files() || !input.is_quiet_since(before)) frames_left = kFramesToSettle;
    // A text cursor blinks.
    if (frames_left > 0 || ImGui::GetIO().WantTextInput) {
      ImDrawData* frame = draw_frame(window, app, input, loaded_pixels);
      if (const auto path = app.take_wanted_picture())
        write_png(*path, window.picture_of(frame, app.background()));
      window.show(frame, app.background());
      frames_left = std::max(0, frames_left - 1);
    }
    before = std::exchange(input, window.next_input(frames_left > 0 ? 0 : kPatience));
  }
  Settings settings = app.settings();
  settings.width = static_cast<int>(input.width);
  settings.height = static_cast<int>(input.height);
  save_settings(settings);
}

void view(const Arguments& arguments) {
  const Settings settings = settings_for(arguments);
  App app(settings);
  if (!arguments.view.empty()) app.show_view(arguments.view);
  if (!arguments.profile.empty()) app.open(arguments.profile);
  if (app.problem().empty() && !arguments.other.empty()) app.open_other(arguments.other);
  if (arguments.is_for_scripts() && !app.problem().empty()) throw InputError(app.problem());
  Window window({settings.width, settings.height, !arguments.is_for_scripts(), "mcusim"});
  if (!arguments.screenshot.empty()) take_screenshot(window, app, arguments);
  if (arguments.bench_frames != 0) print_frame_times(window, app, arguments);
  if (!arguments.is_for_scripts()) run_window(window, app);
}

int fail(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  std::fprintf(stderr, "mcusim: %s\n", text.c_str());
  return 2;
}

int run_program(int argc, char** argv) {
  Arguments arguments;
  CLI::App program{"Shows profiles in a window.", "mcusim view"};
  program.add_option("PROFILE", arguments.profile,
                     "File of mcusim run --profile; without one, drop it on the window");
  program.add_option("OTHER", arguments.other, "What to compare it with: a profile, a board's log or a CSV");
  program.add_option("--view", arguments.view, "The view to begin with, as summary or layers");
  program.add_option("--screenshot", arguments.screenshot, "Write a PNG of the view and end");
  program.add_option("--size", arguments.size, "WIDTHxHEIGHT of window or PNG in pixels; default: 1280x800");
  program.add_option("--scale", arguments.scale_percent, "Size of text in percent, for PNGs")
      ->check(CLI::Range(50, 400));
  program.add_option("--theme", arguments.theme, "dark or light")->check(CLI::IsMember({"dark", "light"}));
  program.add_option("--bench-frames", arguments.bench_frames,
                     "Draw so many frames, print what they took and end");
  try {
    program.parse(argc, argv);
    if (arguments.is_for_scripts() && arguments.profile.empty())
      throw InputError("PROFILE: missing; give a file that mcusim run --profile wrote");
    view(arguments);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);
    return fail(std::string(error.what()) + "; see mcusim view --help");
  } catch (const InputError& error) {
    return fail(error.what());
  } catch (const std::bad_alloc&) {
    return fail("not enough memory on this computer; close other programs or take a smaller profile");
  }
  return 0;
}

}  // namespace
}  // namespace mcusim::viewer

int main(int argc, char** argv) { return mcusim::viewer::run_program(argc, argv); }
