#include "viewer/model/settings.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/files.h"

namespace mcusim::viewer {
namespace {

constexpr int kLeastSide = 320, kLargestSide = 16384;

template <typename Value>
void take(const nlohmann::json& json, const char* key, Value& value) {
  const auto found = json.find(key);
  if (found == json.end()) return;
  const bool fits = std::is_same_v<Value, bool>          ? found->is_boolean()
                    : std::is_same_v<Value, std::string> ? found->is_string()
                                                         : found->is_number();
  if (fits) value = found->get<Value>();
}

}  // namespace

std::string to_text(const Settings& settings) {
  return nlohmann::json{{"dark", settings.is_dark},  {"font_scale", settings.font_scale},
                        {"view", settings.view},     {"width", settings.width},
                        {"height", settings.height}, {"tour_done", settings.tour_is_done}}
             .dump(2) +
         "\n";
}

Settings settings_from(std::string_view text) {
  Settings settings;
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return settings;
  take(json, "dark", settings.is_dark);
  take(json, "font_scale", settings.font_scale);
  take(json, "view", settings.view);
  take(json, "width", settings.width);
  take(json, "height", settings.height);
  take(json, "tour_done", settings.tour_is_done);
  settings.font_scale = std::clamp(settings.font_scale, kLeastFontScale, kLargestFontScale);
  settings.width = std::clamp(settings.width, kLeastSide, kLargestSide);
  settings.height = std::clamp(settings.height, kLeastSide, kLargestSide);
  return settings;
}

std::filesystem::path settings_path() {
  const char* folder = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  if (folder != nullptr && folder[0] == '/') return std::filesystem::path(folder) / "mcusim" / "viewer.json";
  if (home != nullptr && home[0] != '\0')
    return std::filesystem::path(home) / ".config" / "mcusim" / "viewer.json";
  return {};
}

Settings load_settings() {
  try {
    const auto bytes = read_file(settings_path());
    return settings_from({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  } catch (const InputError&) {
    return {};  // The first start.
  }
}

void save_settings(const Settings& settings) {
  const std::filesystem::path path = settings_path();
  if (path.empty()) return;
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  try {
    write_file(path, to_text(settings));
  } catch (const InputError&) {
    // A home that cannot be written costs only the memory of the window's size.
  }
}

}  // namespace mcusim::viewer
