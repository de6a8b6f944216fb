#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace mcusim::viewer {

/// What the viewer keeps from one start to the next.
struct Settings {
  bool is_dark = true;
  float font_scale = 1;  ///< Chosen by the reader, on top of the display's.
  std::string view = "summary";
  int width = 1280, height = 800;  ///< Of the window.
  bool tour_is_done = false;
};

inline constexpr float kLeastFontScale = 0.5f, kLargestFontScale = 4;

/// JSON. What is missing, out of range or no JSON at all takes its default: settings never stop a start.
std::string to_text(const Settings& settings);
Settings settings_from(std::string_view text);

/// mcusim/viewer.json in the folder for settings of the XDG Base Directory Specification; empty without a
/// home.
std::filesystem::path settings_path();
Settings load_settings();
/// Says nothing when the place cannot be written.
void save_settings(const Settings& settings);

}  // namespace mcusim::viewer
