#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viewer/model/network.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

/// The graph of the layers, coloured by what they cost.
class NetworkView : public View {
 public:
  explicit NetworkView(const profiler::Profile& profile);
  void draw(Frame& frame) override;
  void take_over(const View& before) override;

 private:
  void navigate_plane(Frame& frame, const Rectangle& box, bool is_hovered);
  void step_to(Frame& frame, int right, int down, const Rectangle& box);
  void draw_edges(Frame& frame, const Rectangle& box) const;
  void draw_node(Frame& frame, const NetworkNode& node, const Rectangle& box, bool is_hovered);
  /// What stands in a box with room for so many lines.
  std::vector<std::string> lines_of(const NetworkNode& node, std::size_t most) const;

  const profiler::Profile& profile_;
  NetworkGraph graph_;
  Cycles most_ = 1;  ///< Of a layer.
  Plane plane_;
  bool shows_all_ = false;  ///< When it is fitted next, however small its text gets.
  float fitted_em_ = 0;     ///< The size of text that the plane was fitted for; 0: not yet.
};

}  // namespace mcusim::viewer
