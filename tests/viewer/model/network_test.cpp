#include "viewer/model/network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "../sample_profile.h"

namespace mcusim::viewer {
namespace {

using profiler::Profile;

/// A residual block: layer 1 lies between 0 and 2, and 2 adds what 0 and 1 computed.
Profile residual() {
  Profile profile = sample_profile();
  profile.activations.clear();
  const auto activation = [&](int first, int last) {
    const profiler::AddressSpan span{"t", 0x20000000, 16};
    profile.activations.push_back({span, "int8", {1, 16}, first, last});
  };
  activation(-1, 0);
  activation(0, 2);
  activation(1, 2);
  activation(2, 3);
  profile.layers[0].layer.inputs = {0};
  profile.layers[0].layer.outputs = {1};
  profile.layers[1].layer.inputs = {1};
  profile.layers[1].layer.outputs = {2};
  profile.layers[2].layer.inputs = {1, 2};
  profile.layers[2].layer.outputs = {3};
  return profile;
}

TEST(Network, LayersStandBelowWhatTheyDependOn) {
  const NetworkGraph graph = network_graph(residual());
  ASSERT_EQ(graph.nodes.size(), 5u) << "three layers, input and output";
  EXPECT_TRUE(graph.is_linked);
  ASSERT_EQ(graph.edges.size(), 5u);
  for (const NetworkEdge& edge : graph.edges)
    EXPECT_LT(graph.nodes[edge.from].y, graph.nodes[edge.to].y) << edge.from << " to " << edge.to;
  EXPECT_EQ(graph.nodes[3].kind, NetworkNode::Kind::input);
  EXPECT_EQ(graph.nodes[4].kind, NetworkNode::Kind::output);
}

TEST(Network, ATensorPassesBesideTheLayersBetween) {
  const NetworkGraph graph = network_graph(residual());
  const auto skip = std::ranges::find_if(
      graph.edges, [](const NetworkEdge& edge) { return edge.from == 0 && edge.to == 2; });
  ASSERT_NE(skip, graph.edges.end());
  ASSERT_EQ(skip->path.size(), 4u) << "its ends, and past one rank";
  const double distance = std::abs(skip->path[1].x - graph.nodes[1].x);
  EXPECT_GT(distance, 0.5) << "outside the box";
}

TEST(Network, NoTwoBoxesOverlap) {
  const NetworkGraph graph = network_graph(residual());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    for (std::size_t j = i + 1; j < graph.nodes.size(); ++j)
      EXPECT_TRUE(std::abs(graph.nodes[i].x - graph.nodes[j].x) >= 1 ||
                  std::abs(graph.nodes[i].y - graph.nodes[j].y) >= 1)
          << i << " and " << j;
}

TEST(Network, WithoutTensorsLayersAreAChain) {
  Profile profile = residual();
  for (profiler::LayerProfile& layer : profile.layers) layer.layer.inputs = layer.layer.outputs = {};
  profile.activations.clear();
  const NetworkGraph graph = network_graph(profile);
  EXPECT_FALSE(graph.is_linked);
  EXPECT_EQ(graph.nodes.size(), 3u);
  ASSERT_EQ(graph.edges.size(), 2u);
  EXPECT_EQ(graph.edges[1].from, 1u);
}

TEST(Network, LinksThatLeadBackAreNone) {
  Profile profile = residual();
  profile.layers[0].layer.inputs = {3};
  const NetworkGraph graph = network_graph(profile);
  for (const NetworkEdge& edge : graph.edges) EXPECT_NE(edge.to, 0u);
}

TEST(Network, OfNothingIsEmpty) {
  const NetworkGraph graph = network_graph(Profile{});
  EXPECT_TRUE(graph.nodes.empty());
  EXPECT_TRUE(graph.edges.empty());
}

TEST(Network, ArrowsFindTheNextLayer) {
  const NetworkGraph graph = network_graph(residual());
  EXPECT_EQ(layer_beside(graph, 0, 0, 1), 1u);
  EXPECT_EQ(layer_beside(graph, 2, 0, -1), 1u);
  EXPECT_EQ(layer_beside(graph, 2, 0, 1), std::nullopt) << "an output is no layer";
  EXPECT_EQ(layer_beside(graph, 0, 1, 0), std::nullopt);
}

TEST(Plane, FitsAllAndKeepsThePointUnderTheMouse) {
  const NetworkGraph graph = network_graph(residual());
  Plane plane;
  plane.fit(graph, 400, 300, 200, 50);
  EXPECT_GE(plane.to_pixel_x(graph.left), -1e-9);
  EXPECT_LE(plane.to_pixel_y(graph.bottom), 300 + 1e-9);
  const double x = plane.to_pixel_x(0.25), y = plane.to_pixel_y(1);
  plane.zoom(2, x, y);
  EXPECT_NEAR(plane.to_pixel_x(0.25), x, 1e-9);
  EXPECT_NEAR(plane.to_pixel_y(1), y, 1e-9);
  plane.pan(10, -5);
  EXPECT_NEAR(plane.to_pixel_x(0.25), x + 10, 1e-9);
}

TEST(Plane, WithoutRoomForReadableBoxesShowsTheTop) {
  const NetworkGraph graph = network_graph(residual());
  Plane plane;
  plane.fit(graph, 400, 60, 200, 50, 0.5);
  EXPECT_EQ(plane.unit_y(), 25);
  EXPECT_NEAR(plane.to_pixel_y(graph.top), 0, 1e-9);
  EXPECT_GT(plane.to_pixel_y(graph.bottom), 60);
}

TEST(Plane, RevealsWhatIsOutside) {
  const NetworkGraph graph = network_graph(residual());
  Plane plane;
  plane.fit(graph, 400, 300, 200, 50);
  plane.pan(0, 5000);
  plane.reveal(0, 0, 400, 300);
  EXPECT_GE(plane.to_pixel_y(0), 0);
  EXPECT_LE(plane.to_pixel_y(0), 300);
}

}  // namespace
}  // namespace mcusim::viewer
