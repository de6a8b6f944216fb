#include "profiler/exports/folded.h"

#include <algorithm>
#include <ranges>

#include "profiler/exports/call_tree.h"

namespace mcusim::profiler {

std::string folded_export(const Profile& profile) {
  require_calls(profile, "folded stacks");
  std::vector<std::string> names;
  for (const FunctionProfile& function : profile.functions) {
    names.push_back(one_line(function.name));
    std::ranges::replace(names.back(), ';', ':');
  }
  const CallTree tree(profile);
  std::string text;
  for (std::uint32_t i = 0; i < profile.call_paths.size(); ++i) {
    if (profile.call_paths[i].self_cycles == 0) continue;
    std::string line;
    for (const std::uint32_t path : tree.stack(i) | std::views::reverse)
      line += (line.empty() ? "" : ";") + names[profile.call_paths[path].function];
    text += line + " " + std::to_string(profile.call_paths[i].self_cycles) + "\n";
  }
  return text;
}

}  // namespace mcusim::profiler
