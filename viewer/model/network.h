#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::viewer {

/// A layer, or an input or output of the network, at its place on a plane: boxes are 1 wide and 1 high, y
/// grows downwards with the flow.
struct NetworkNode {
  enum class Kind : std::uint8_t { layer, input, output };

  Kind kind = Kind::layer;
  std::size_t what = 0;  ///< Index into Profile::layers, of inputs and outputs into activations.
  double x = 0, y = 0;   ///< Middle of its box.
};

/// A tensor on its way from one node to another.
struct NetworkEdge {
  struct Point {
    double x = 0, y = 0;
  };
  std::size_t from = 0, to = 0;  ///< Nodes.
  std::vector<Point> path;       ///< From the lower edge of the one to the upper edge of the other.
};

/// The graph of the layers, laid out in ranks: every tensor flows down, and what passes by a layer has a lane
/// beside it.
struct NetworkGraph {
  std::vector<NetworkNode> nodes;  ///< Layers first, in their order.
  std::vector<NetworkEdge> edges;
  double left = 0, right = 0, top = 0, bottom = 0;  ///< What the boxes take.
  bool is_linked = false;  ///< Else the profile tells no tensors, and layers stand in the order of execution.
};

/// The profile's indices have been checked as its reader does.
NetworkGraph network_graph(const profiler::Profile& profile);

/// The layer above, below, or beside another one that is nearest; nothing at the edge.
std::optional<std::size_t> layer_beside(const NetworkGraph& graph, std::size_t layer, int right, int down);

/// The part of a plane that is seen.
class Plane {
 public:
  static constexpr double kLeastScale = 0.02;
  /// Shows all of it in `width` by `height` pixels. A unit is at most so many pixels wide and high, and no
  /// less than the `least` part of that, if need be with only the top in sight.
  void fit(const NetworkGraph& graph, double width, double height, double unit_x, double unit_y,
           double least = kLeastScale);
  /// What lies under the pixel stays there.
  void zoom(double factor, double pixel_x, double pixel_y);
  void pan(double pixels_x, double pixels_y);
  /// Moves by as little as shows the point with room around it.
  void reveal(double x, double y, double width, double height);

  double to_pixel_x(double x) const { return left_ + x * unit_x_ * scale_; }
  double to_pixel_y(double y) const { return top_ + y * unit_y_ * scale_; }
  double unit_x() const { return unit_x_ * scale_; }  ///< In pixels.
  double unit_y() const { return unit_y_ * scale_; }

 private:
  double left_ = 0, top_ = 0, unit_x_ = 1, unit_y_ = 1, scale_ = 1;
};

}  // namespace mcusim::viewer
