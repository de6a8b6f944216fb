#include "viewer/model/call_tree.h"

#include <algorithm>

namespace mcusim::viewer {

using profiler::CallPath;
using profiler::Profile;

namespace {

/// Callers farther away are not told apart from below: deep recursion would fill the memory.
constexpr int kMostCallers = 64;

}  // namespace

CallTree::CallTree() : nodes_(1) {}

std::uint32_t CallTree::child(std::uint32_t parent, std::uint32_t function) {
  for (const std::uint32_t node : nodes_[parent].children)
    if (nodes_[node].function == function) return node;
  const auto node = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back(
      {.function = function, .parent = parent, .depth = nodes_[parent].depth + 1, .children = {}});
  nodes_[parent].children.push_back(node);
  return node;
}

void CallTree::sort_children() {
  for (Node& node : nodes_) {
    std::ranges::stable_sort(node.children, std::ranges::greater(),
                             [&](std::uint32_t child) { return nodes_[child].total; });
  }
}

CallTree CallTree::top_down(const Profile& profile) {
  CallTree tree;
  std::vector<std::uint32_t> node_of(profile.call_paths.size());
  for (std::size_t i = 0; i < profile.call_paths.size(); ++i) {
    const CallPath& path = profile.call_paths[i];
    const std::uint32_t parent = path.parent == CallPath::kRoot ? 0 : node_of[path.parent];
    node_of[i] = tree.child(parent, path.function);
    Node& node = tree.nodes_[node_of[i]];
    node.calls += path.calls;
    node.self += path.self_cycles;
    node.total += path.self_cycles;
  }
  // Parents stand before their children.
  for (std::size_t i = tree.nodes_.size(); i-- > 1;)
    tree.nodes_[tree.nodes_[i].parent].total += tree.nodes_[i].total;
  tree.sort_children();
  return tree;
}

CallTree CallTree::bottom_up(const Profile& profile) {
  CallTree tree;
  for (const CallPath& path : profile.call_paths) {
    if (path.self_cycles == 0) continue;
    std::uint32_t node = 0;
    tree.nodes_[0].total += path.self_cycles;
    const CallPath* caller = &path;
    for (int i = 0; i < kMostCallers; ++i, caller = &profile.call_paths[caller->parent]) {
      node = tree.child(node, caller->function);
      tree.nodes_[node].total += path.self_cycles;
      tree.nodes_[node].calls += path.calls;
      if (caller->parent == CallPath::kRoot) break;
    }
    tree.nodes_[node].self += path.self_cycles;
  }
  tree.sort_children();
  return tree;
}

std::vector<FlameBox> flame_graph(const CallTree& tree, std::uint32_t focus, double width,
                                  double least_width) {
  std::vector<FlameBox> boxes;
  const auto& nodes = tree.nodes();
  for (std::uint32_t node = focus; node != 0; node = nodes[node].parent)
    if (node != focus) boxes.push_back({node, nodes[node].depth, 0, width});
  boxes.push_back({0, 0, 0, width});
  std::ranges::reverse(boxes);
  if (nodes[focus].total == 0) return boxes;

  const double pixels_per_cycle = width / static_cast<double>(nodes[focus].total);
  std::vector<FlameBox> waiting;
  if (focus == 0) {
    waiting.push_back(boxes.back());
    boxes.clear();
  } else {
    waiting.push_back({focus, nodes[focus].depth, 0, width});
  }
  while (!waiting.empty()) {
    const FlameBox box = waiting.back();
    waiting.pop_back();
    boxes.push_back(box);
    double left = box.left;
    for (const std::uint32_t child : nodes[box.node].children) {
      const double child_width = static_cast<double>(nodes[child].total) * pixels_per_cycle;
      if (child_width < least_width) break;  // The rest is smaller still.
      waiting.push_back({child, nodes[child].depth, left, child_width});
      left += child_width;
    }
  }
  return boxes;
}

}  // namespace mcusim::viewer
