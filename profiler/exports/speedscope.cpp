#include "profiler/exports/speedscope.h"

#include <nlohmann/json.hpp>
#include <ranges>

#include "profiler/exports/call_tree.h"

namespace mcusim::profiler {

using Json = nlohmann::ordered_json;

std::string speedscope_export(const Profile& profile) {
  require_calls(profile, "speedscope file");
  Json frames = Json::array();
  for (const FunctionProfile& function : profile.functions) {
    Json& frame = frames.emplace_back(Json{{"name", function.name}});
    if (!function.file.empty()) frame["file"] = function.file;
    if (function.line != 0) frame["line"] = function.line;
  }
  const CallTree tree(profile);
  Json samples = Json::array(), weights = Json::array();
  Cycles all = 0;
  for (std::uint32_t i = 0; i < profile.call_paths.size(); ++i) {
    const Cycles cycles = profile.call_paths[i].self_cycles;
    if (cycles == 0) continue;
    Json& sample = samples.emplace_back(Json::array());
    for (const std::uint32_t path : tree.stack(i) | std::views::reverse)
      sample.push_back(profile.call_paths[path].function);
    weights.push_back(cycles);
    all += cycles;
  }
  const Json json = {{"$schema", "https://www.speedscope.app/file-format-schema.json"},
                     {"exporter", "mcusim"},
                     {"name", profile.network.value_or(profile.file) + " on " + profile.mcu},
                     {"activeProfileIndex", 0},
                     {"shared", {{"frames", std::move(frames)}}},
                     {"profiles", Json::array({{{"type", "sampled"},
                                                {"name", "cycles"},
                                                {"unit", "none"},
                                                {"startValue", 0},
                                                {"endValue", all},
                                                {"samples", std::move(samples)},
                                                {"weights", std::move(weights)}}})}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mcusim::profiler
