#pragma once

#include <cstdint>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::viewer {

/// The cycles of a run by who called whom. Node 0 stands for everything; the others are functions.
class CallTree {
 public:
  struct Node {
    std::uint32_t function = profiler::CallPath::kRoot;  ///< Index into Profile::functions; kRoot: node 0.
    std::uint32_t parent = 0;
    std::uint32_t depth = 0;              ///< Of node 0: 0.
    std::vector<std::uint32_t> children;  ///< By total cycles, the most first.
    std::uint64_t calls = 0;
    Cycles self = 0;
    Cycles total = 0;  ///< With the children's.
  };

  /// Children are what a function called.
  static CallTree top_down(const profiler::Profile& profile);
  /// Children are who called a function; the top level shares out all cycles by the function that spent them.
  static CallTree bottom_up(const profiler::Profile& profile);

  const std::vector<Node>& nodes() const { return nodes_; }

 private:
  CallTree();
  std::uint32_t child(std::uint32_t parent, std::uint32_t function);
  void sort_children();

  std::vector<Node> nodes_;
};

/// A node's place in a flame graph; left and width in pixels.
struct FlameBox {
  std::uint32_t node = 0;
  std::uint32_t depth = 0;
  double left = 0, width = 0;
};

/// A flame graph of what lies under `focus`, which takes the whole width as its parents do above it. Boxes
/// narrower than `least_width` are left out with all that lies under them, so that there are at most
/// width / least_width of them in a row.
std::vector<FlameBox> flame_graph(const CallTree& tree, std::uint32_t focus, double width,
                                  double least_width = 1);

}  // namespace mcusim::viewer
