#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "profiler/compare/reference.h"
#include "profiler/profile.h"
#include "viewer/model/commands.h"
#include "viewer/model/settings.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

/// The viewer without its window: what is open, which view shows it, and what keys and the palette do.
class App {
 public:
  explicit App(Settings settings);

  /// Files that cannot be read leave what is open and put what is wrong on the screen.
  void open(const std::filesystem::path& path);
  /// A profile, a board's log or a table of latencies.
  void open_other(const std::filesystem::path& path);
  /// Reads again what changed on disk since it was read; whether anything did.
  bool reload_changed_files();
  /// Throws InputError when there is no such view.
  void show_view(std::string_view name);

  /// Draws into ImGui's current frame.
  void draw(const Input& input, const Fonts& fonts);

  /// What the window is cleared with before a frame is drawn.
  ImU32 background() const { return theme().background; }
  /// The height of text for a display.
  float font_pixels(const Input& input) const;
  const Settings& settings() const { return settings_; }
  const Selection& selection() const { return selection_; }
  const Landmarks& landmarks() const { return landmarks_; }
  const View* view() const;
  /// What is wrong with the file opened last; empty: nothing.
  const std::string& problem() const { return problem_; }
  bool wants_to_quit() const { return wants_to_quit_; }
  /// Where the reader wants a picture of the frame drawn last; asked once.
  std::optional<std::filesystem::path> take_wanted_picture() {
    return std::exchange(wanted_picture_, std::nullopt);
  }

 private:
  struct OpenFile {
    std::filesystem::path path;
    std::filesystem::file_time_type changed;
    std::shared_ptr<const profiler::Profile> profile;
  };
  struct OpenReference {
    std::filesystem::path path;
    std::filesystem::file_time_type changed;
    profiler::Reference reference;
  };

  std::optional<OpenFile> read(const std::filesystem::path& path);
  /// What `read` answers; nothing, and what is wrong on the screen, when it throws.
  template <typename Read>
  auto attempt(const Read& read) -> std::optional<decltype(read())>;
  void reload();
  void make_views();
  void add_commands();
  void scale_font(float factor);
  void export_table();
  void take_up(const Input& input);
  void draw_tabs(const Input& input, const Fonts& fonts);
  void draw_status_line();
  void draw_help();
  void draw_palette(const Input& input);
  void draw_tour();
  const Theme& theme() const;

  Settings settings_;
  std::optional<OpenFile> file_;
  std::optional<OpenReference> other_;
  std::vector<std::unique_ptr<View>> views_;
  std::size_t current_ = 0;
  bool tab_is_to_follow_ = true;  ///< The tab bar does not show current_ yet.
  Selection selection_;
  Landmarks landmarks_;
  std::vector<Command> commands_;
  std::string problem_, message_;
  bool help_is_open_ = false, palette_is_open_ = false, palette_is_new_ = false;
  std::string palette_text_;
  std::size_t palette_choice_ = 0;
  std::optional<std::size_t> tour_step_;
  bool wants_to_quit_ = false;
  std::optional<std::filesystem::path> wanted_picture_;
};

}  // namespace mcusim::viewer
