#include "profiler/exports/call_tree.h"

#include <fmt/format.h>

#include "common/error.h"

namespace mcusim::profiler {

CallTree::CallTree(const Profile& profile)
    : profile_(profile), shown_as_(profile.call_paths.size()), inclusive_(profile.call_paths.size()) {
  const std::vector<CallPath>& paths = profile.call_paths;
  std::vector<std::uint32_t> depth(paths.size());
  for (std::uint32_t i = 0; i < paths.size(); ++i) {
    const std::uint32_t parent = paths[i].parent;
    depth[i] = parent == CallPath::kRoot ? 1 : depth[parent] + 1;
    shown_as_[i] = depth[i] <= kDeepestStack ? i : shown_as_[parent];
  }
  for (std::size_t i = paths.size(); i-- > 0;) {
    inclusive_[i].cycles += paths[i].self_cycles;
    inclusive_[i].instructions += paths[i].self_instructions;
    if (paths[i].parent == CallPath::kRoot) continue;
    inclusive_[paths[i].parent].cycles += inclusive_[i].cycles;
    inclusive_[paths[i].parent].instructions += inclusive_[i].instructions;
  }
}

std::vector<std::uint32_t> CallTree::stack(std::uint32_t path) const {
  std::vector<std::uint32_t> stack;
  for (path = shown_as_[path]; path != CallPath::kRoot; path = profile_.call_paths[path].parent)
    stack.push_back(path);
  return stack;
}

std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  return text;
}

void require_calls(const Profile& profile, std::string_view format) {
  if (!profile.call_paths.empty()) return;
  throw InputError(fmt::format(
      "{}: its profile has no calls, so there is no {} of it; repeat the run with --engine native",
      profile.file, format));
}

}  // namespace mcusim::profiler
