#include "viewer/app.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/error.h"
#include "common/files.h"
#include "profiler/profile_file.h"
#include "profiler/reports/format.h"
#include "viewer/views/view_list.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {
namespace {

constexpr float kFontPixels = 15;
constexpr float kFontStep = 1.1f;

/// The window is cleared with its background.
constexpr ImGuiWindowFlags kWholeWindow = ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoDecoration |
                                          ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoBringToFrontOnFocus |
                                          ImGuiWindowFlags_NoSavedSettings;

/// The earliest time of all when it is not known.
std::filesystem::file_time_type changed_at(const std::filesystem::path& path) {
  std::error_code unknown;
  return std::filesystem::last_write_time(path, unknown);
}

std::string layer_text(const profiler::Profile& profile, const Selection& selection) {
  if (selection.layer()) {
    const NoteLayer& layer = profile.layers[*selection.layer()].layer;
    return fmt::format("layer {} {}", layer.index, layer.op);
  }
  if (selection.function()) return profile.functions[*selection.function()].name;
  return "nothing selected";
}

}  // namespace

App::App(Settings settings) : settings_(std::move(settings)) {
  current_ = 0;
  for (std::size_t i = 0; i < view_kinds().size(); ++i)
    if (view_kinds()[i].name == settings_.view) current_ = i;
  if (!settings_.tour_is_done) tour_step_ = 0;
  add_commands();
}

void App::add_commands() {
  constexpr std::size_t kDigits = 9;
  for (std::size_t i = 0; i < view_kinds().size(); ++i) {
    const KeyChord chord{
        i < kDigits ? static_cast<Key>(static_cast<std::size_t>(Key::digit_1) + i) : Key::count, true};
    const std::string_view name = view_kinds()[i].name;
    commands_.push_back(
        {"Show " + std::string(view_kinds()[i].title), chord, [this, name] { show_view(name); }});
  }
  const auto turn = [this](std::size_t by) {
    show_view(view_kinds()[(current_ + by) % view_kinds().size()].name);
  };
  commands_.push_back({"Next view", {Key::page_down, true}, [turn] { turn(1); }});
  commands_.push_back({"View before", {Key::page_up, true}, [turn] { turn(view_kinds().size() - 1); }});
  commands_.push_back(
      {"Command palette", {Key::p, true}, [this] { palette_is_open_ = palette_is_new_ = true; }});
  commands_.push_back({"Keys and help", {Key::f1}, [this] { help_is_open_ = !help_is_open_; }});
  commands_.push_back({"Larger text", {Key::plus, true}, [this] { scale_font(kFontStep); }});
  commands_.push_back({"Smaller text", {Key::minus, true}, [this] { scale_font(1 / kFontStep); }});
  commands_.push_back({"Text of the usual size", {Key::digit_0, true}, [this] { settings_.font_scale = 1; }});
  commands_.push_back(
      {"Light or dark colours", {Key::t, true}, [this] { settings_.is_dark = !settings_.is_dark; }});
  commands_.push_back({"Export the table as CSV", {Key::e, true}, [this] { export_table(); }});
  commands_.push_back({"Save a picture of this view as PNG", {Key::g, true}, [this] {
                         wanted_picture_ = fmt::format("mcusim-{}.png", view_kinds()[current_].name);
                         message_ = "wrote " + wanted_picture_->string();
                       }});
  commands_.push_back({"Read the files again", {Key::f5}, [this] {
                         if (file_) reload();
                         if (other_) open_other(std::filesystem::path(other_->path));
                       }});
  commands_.push_back({"Tour", {}, [this] { tour_step_ = 0; }});
  commands_.push_back({"Quit", {Key::q, true}, [this] { wants_to_quit_ = true; }});
}

const Theme& App::theme() const { return settings_.is_dark ? dark_theme() : light_theme(); }

const View* App::view() const { return views_.empty() ? nullptr : views_[current_].get(); }

float App::font_pixels(const Input& input) const {
  return std::round(kFontPixels * input.dpi_scale * settings_.font_scale);
}

void App::scale_font(float factor) {
  settings_.font_scale = std::clamp(settings_.font_scale * factor, kLeastFontScale, kLargestFontScale);
}

void App::show_view(std::string_view name) {
  current_ = find_view(name);
  settings_.view = name;
  tab_is_to_follow_ = true;
}

template <typename Read>
auto App::attempt(const Read& read) -> std::optional<decltype(read())> {
  problem_.clear();
  try {
    return read();
  } catch (const InputError& error) {
    problem_ = error.what();
    return std::nullopt;
  }
}

std::optional<App::OpenFile> App::read(const std::filesystem::path& path) {
  return attempt([&] {
    const auto changed = changed_at(path);
    return OpenFile{path, changed, std::make_shared<const profiler::Profile>(profiler::read_profile(path))};
  });
}

void App::open(const std::filesystem::path& path) {
  auto opened = read(path);
  if (!opened) return;
  file_ = std::move(opened);
  selection_ = Selection(*file_->profile);
  views_.clear();
  make_views();
}

void App::reload() {
  // The views of before refer to the profile of before.
  const std::shared_ptr<const profiler::Profile> before = file_->profile;
  auto opened = read(file_->path);
  if (!opened) return;
  file_ = std::move(opened);
  selection_ = Selection(selection_, *before, *file_->profile);
  make_views();
}

void App::open_other(const std::filesystem::path& path) {
  auto opened = attempt([&] {
    const auto changed = changed_at(path);
    return OpenReference{path, changed, profiler::read_reference(path)};
  });
  if (!opened) return;
  other_ = std::move(opened);
  if (file_) make_views();
}

void App::make_views() {
  const std::vector<std::unique_ptr<View>> before = std::exchange(views_, {});
  for (const ViewKind& kind : view_kinds()) {
    views_.push_back(kind.make(*file_->profile, other_ ? &other_->reference : nullptr));
    if (!before.empty()) views_.back()->take_over(*before[views_.size() - 1]);
  }
}

bool App::reload_changed_files() {
  const auto has_changed = [](auto& file) {
    if (!file) return false;
    std::error_code missing;
    const auto changed = std::filesystem::last_write_time(file->path, missing);
    // A file that is gone may come back; a damaged one is refused once, not in every frame.
    return !missing && std::exchange(file->changed, changed) != changed;
  };
  const bool is_new = has_changed(file_), other_is_new = has_changed(other_);
  if (is_new) reload();
  if (other_is_new) open_other(std::filesystem::path(other_->path));
  return is_new || other_is_new;
}

void App::export_table() {
  const Table* table = view() ? view()->table() : nullptr;
  if (table == nullptr) {
    message_ = "this view has no table";
    return;
  }
  const std::string path = fmt::format("mcusim-{}.csv", view_kinds()[current_].name);
  try {
    write_file(path, table->csv());
    message_ = "wrote " + path;
  } catch (const InputError& error) {
    message_ = error.what();
  }
}

void App::take_up(const Input& input) {
  if (!input.dropped_files.empty()) open(input.dropped_files.front());
  if (input.dropped_files.size() > 1) open_other(input.dropped_files[1]);
  if (input.is_pressed(Key::escape)) help_is_open_ = palette_is_open_ = false;
  for (const Command& command : commands_)
    if (is_pressed(command.chord, input)) return command.act();
}

void App::draw(const Input& input, const Fonts& fonts) {
  take_up(input);
  apply(theme(), font_pixels(input));
  landmarks_.clear();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({input.width, input.height});
  ImGui::Begin("mcusim", nullptr, kWholeWindow);
  if (!problem_.empty()) {
    ImGui::PushStyleColor(ImGuiCol_Text, theme().warning);
    ImGui::TextWrapped("%s", problem_.c_str());
    ImGui::PopStyleColor();
  }
  if (views_.empty()) {
    ImGui::TextWrapped("Drop a profile here: a file that mcusim run --profile wrote.");
  } else {
    draw_tabs(input, fonts);
    draw_status_line();
  }
  ImGui::End();
  if (help_is_open_) draw_help();
  if (palette_is_open_) draw_palette(input);
  if (tour_step_ && !views_.empty()) draw_tour();
}

void App::draw_tabs(const Input& input, const Fonts& fonts) {
  if (!ImGui::BeginTabBar("views", ImGuiTabBarFlags_FittingPolicyScroll)) return;
  Frame frame{input, theme(), fonts, selection_, landmarks_};
  const bool tab_is_to_follow = std::exchange(tab_is_to_follow_, false);
  for (std::size_t i = 0; i < views_.size(); ++i) {
    const ViewKind& kind = view_kinds()[i];
    const bool is_chosen = tab_is_to_follow && i == current_;
    const bool is_open =
        ImGui::BeginTabItem(kind.title.data(), nullptr, is_chosen ? ImGuiTabItemFlags_SetSelected : 0);
    mark_item(frame, "tab/" + std::string(kind.name));
    if (!is_open) continue;
    if (!tab_is_to_follow) {
      current_ = i;
      settings_.view = kind.name;
    }
    ImGui::BeginChild(kind.name.data(), {0, -1.5f * em()});
    // While the tab bar changes over it still shows the old one.
    if (i == current_) views_[i]->draw(frame);
    ImGui::EndChild();
    mark_item(frame, "view");
    ImGui::EndTabItem();
  }
  ImGui::EndTabBar();
}

void App::draw_status_line() {
  const profiler::Profile& profile = *file_->profile;
  std::string text =
      fmt::format("{}   {} on {}   {}", file_->path.filename().string(),
                  profile.network.value_or(profile.file), profile.mcu, layer_text(profile, selection_));
  if (profile.running)
    text = fmt::format("running, {} cycles   {}", profiler::grouped(profile.run.cycles), text);
  if (!message_.empty()) text += "   " + message_;
  const char* const hint = "F1 keys   Ctrl+P commands";
  ImGui::PushStyleColor(ImGuiCol_Text, theme().dim_text);
  ImGui::TextUnformatted(text.c_str());
  const float room = ImGui::GetWindowContentRegionMax().x - ImGui::CalcTextSize(hint).x;
  if (room > ImGui::CalcTextSize(text.c_str()).x + 2 * em()) {
    ImGui::SameLine(room);
    ImGui::TextUnformatted(hint);
  }
  ImGui::PopStyleColor();
}

}  // namespace mcusim::viewer
