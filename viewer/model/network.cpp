#include "viewer/model/network.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace mcusim::viewer {

using profiler::ActivationProfile;
using profiler::LayerProfile;
using profiler::Profile;

namespace {

constexpr double kLaneWidth = 0.35;  ///< Of a tensor that passes a rank.
constexpr double kBoxWidth = 1.15;   ///< With the gap beside it.
constexpr double kRankHeight = 1.6;  ///< With the gap below it.
constexpr double kLargestScale = 4;
/// Lanes grow with ranks times edges; a graph that needs more is drawn with straight lines.
constexpr std::size_t kMostLanes = 20'000;

/// A node, or a tensor that passes by the nodes of a rank.
struct Item {
  std::size_t node = 0, edge = 0;
  bool is_lane = false;
  double x = 0, wanted_x = 0;
};

std::vector<NetworkEdge> edges_of(const Profile& profile, std::vector<NetworkNode>& nodes) {
  std::map<std::uint32_t, std::size_t> producer;  // By activation.
  const auto& activations = profile.activations;
  for (std::uint32_t i = 0; i < activations.size(); ++i) {
    if (activations[i].first != -1) continue;
    producer[i] = nodes.size();
    nodes.push_back({NetworkNode::Kind::input, i});
  }
  for (std::size_t layer = 0; layer < profile.layers.size(); ++layer)
    for (const std::uint32_t tensor : profile.layers[layer].layer.outputs) producer[tensor] = layer;
  std::vector<NetworkEdge> edges;
  const auto connect = [&](std::uint32_t tensor, std::size_t to) {
    const auto from = producer.find(tensor);
    // Execution goes in order: an edge that leads back, as only a damaged file has it, is none.
    const bool leads_on =
        from != producer.end() && (nodes[from->second].kind == NetworkNode::Kind::input ||
                                   nodes[to].kind == NetworkNode::Kind::output || from->second < to);
    if (leads_on) edges.push_back({from->second, to, {}});
  };
  for (std::size_t layer = 0; layer < profile.layers.size(); ++layer)
    for (const std::uint32_t tensor : profile.layers[layer].layer.inputs) connect(tensor, layer);
  for (const auto& [tensor, node] : std::map(producer)) {
    if (activations[tensor].last != static_cast<int>(profile.layers.size()) ||
        nodes[node].kind == NetworkNode::Kind::input)
      continue;
    nodes.push_back({NetworkNode::Kind::output, tensor});
    connect(tensor, nodes.size() - 1);
  }
  return edges;
}

/// By node: one more than the lowest of those it depends on.
std::vector<std::size_t> ranks_of(const NetworkGraph& graph, std::size_t layers) {
  std::vector<std::size_t> ranks(graph.nodes.size(), 0);
  std::vector<std::vector<std::size_t>> into(graph.nodes.size());
  for (const NetworkEdge& edge : graph.edges) into[edge.to].push_back(edge.from);
  const auto rank = [&](std::size_t node) {
    for (const std::size_t from : into[node]) ranks[node] = std::max(ranks[node], ranks[from] + 1);
  };
  for (std::size_t layer = 0; layer < layers; ++layer) rank(layer);
  for (std::size_t node = layers; node < graph.nodes.size(); ++node) rank(node);
  return ranks;
}

/// Places items side by side, each as near as possible to where it wants to be.
void place_rank(std::vector<Item>& rank) {
  std::ranges::stable_sort(rank, {}, &Item::wanted_x);
  double whole = 0, wanted = 0;
  const auto width = [](const Item& item) { return item.is_lane ? kLaneWidth : kBoxWidth; };
  for (const Item& item : rank) {
    whole += width(item);
    wanted += item.wanted_x;
  }
  double at = wanted / static_cast<double>(rank.size()) - whole / 2;
  for (Item& item : rank) {
    item.x = at + width(item) / 2;
    at += width(item);
  }
}

void lay_out(NetworkGraph& graph, std::size_t layers) {
  const std::vector<std::size_t> rank_of = ranks_of(graph, layers);
  std::vector<std::vector<Item>> ranks(1 + (rank_of.empty() ? 0 : std::ranges::max(rank_of)));
  for (std::size_t node = 0; node < graph.nodes.size(); ++node)
    ranks[rank_of[node]].push_back({.node = node});
  std::size_t lanes = 0;
  for (const NetworkEdge& edge : graph.edges) lanes += rank_of[edge.to] - rank_of[edge.from] - 1;
  std::vector<std::vector<std::size_t>> into(graph.nodes.size()), out_of(graph.nodes.size());
  for (std::size_t i = 0; i < graph.edges.size(); ++i) {
    const NetworkEdge& edge = graph.edges[i];
    into[edge.to].push_back(i);
    out_of[edge.from].push_back(i);
    if (lanes > kMostLanes) continue;
    for (std::size_t rank = rank_of[edge.from] + 1; rank < rank_of[edge.to]; ++rank)
      ranks[rank].push_back({.node = edge.from, .edge = i, .is_lane = true});
  }
  std::vector<double> last_x(graph.edges.size(), 0);  // Of an edge, where it left the rank before.
  for (std::size_t number = 0; number < ranks.size(); ++number) {
    std::vector<Item>& rank = ranks[number];
    const double y = kRankHeight * static_cast<double>(number);
    for (Item& item : rank) {
      if (item.is_lane) {
        item.wanted_x = last_x[item.edge];
        continue;
      }
      for (const std::size_t edge : into[item.node])
        item.wanted_x += last_x[edge] / static_cast<double>(into[item.node].size());
    }
    place_rank(rank);
    for (const Item& item : rank) {
      if (item.is_lane) {
        last_x[item.edge] = item.x;
        graph.edges[item.edge].path.push_back({item.x, y - 0.5});
        graph.edges[item.edge].path.push_back({item.x, y + 0.5});
      } else {
        graph.nodes[item.node].x = item.x;
        graph.nodes[item.node].y = y;
        for (const std::size_t edge : out_of[item.node]) last_x[edge] = item.x;
      }
    }
  }
  for (NetworkEdge& edge : graph.edges) {
    const NetworkNode &from = graph.nodes[edge.from], &to = graph.nodes[edge.to];
    edge.path.insert(edge.path.begin(), {from.x, from.y + 0.5});
    edge.path.push_back({to.x, to.y - 0.5});
  }
}

}  // namespace

NetworkGraph network_graph(const Profile& profile) {
  NetworkGraph graph;
  const std::size_t layers = profile.layers.size();
  for (std::size_t i = 0; i < layers; ++i) graph.nodes.push_back({NetworkNode::Kind::layer, i});
  graph.is_linked = std::ranges::any_of(
      profile.layers, [](const LayerProfile& layer) { return !layer.layer.inputs.empty(); });
  if (graph.is_linked) {
    graph.edges = edges_of(profile, graph.nodes);
  } else {
    for (std::size_t i = 1; i < layers; ++i) graph.edges.push_back({i - 1, i, {}});
  }
  lay_out(graph, layers);
  for (const NetworkNode& node : graph.nodes) {
    graph.left = std::min(graph.left, node.x - 0.5);
    graph.right = std::max(graph.right, node.x + 0.5);
    graph.top = std::min(graph.top, node.y - 0.5);
    graph.bottom = std::max(graph.bottom, node.y + 0.5);
  }
  return graph;
}

std::optional<std::size_t> layer_beside(const NetworkGraph& graph, std::size_t layer, int right, int down) {
  const NetworkNode& from = graph.nodes[layer];
  std::optional<std::size_t> nearest;
  double least = 1e300;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const NetworkNode& node = graph.nodes[i];
    if (node.kind != NetworkNode::Kind::layer || i == layer) continue;
    const double along = right * (node.x - from.x) + down * (node.y - from.y);
    const double across = std::abs(right != 0 ? node.y - from.y : node.x - from.x);
    if (along < 0.1 || (right != 0 && across > 0.1)) continue;
    // The next rank first, in it the nearest.
    const double distance = along + 0.01 * across;
    if (distance < least) least = distance, nearest = i;
  }
  return nearest;
}

void Plane::fit(const NetworkGraph& graph, double width, double height, double unit_x, double unit_y,
                double least) {
  const auto fitted = [least](double unit, double whole, double room) {
    return unit * std::clamp(room / std::max(whole * unit, 1.0), least, 1.0);
  };
  unit_x_ = fitted(unit_x, graph.right - graph.left, width);
  unit_y_ = fitted(unit_y, graph.bottom - graph.top, height);
  scale_ = 1;
  left_ = (width - (graph.left + graph.right) * unit_x_) / 2;
  const double spare = height - (graph.bottom - graph.top) * unit_y_;
  top_ = std::max(spare / 2, 0.0) - graph.top * unit_y_;
}

void Plane::zoom(double factor, double pixel_x, double pixel_y) {
  const double before = std::exchange(scale_, std::clamp(scale_ * factor, kLeastScale, kLargestScale));
  left_ = pixel_x - (pixel_x - left_) * scale_ / before;
  top_ = pixel_y - (pixel_y - top_) * scale_ / before;
}

void Plane::pan(double pixels_x, double pixels_y) {
  left_ += pixels_x;
  top_ += pixels_y;
}

void Plane::reveal(double x, double y, double width, double height) {
  const auto shift = [](double pixel, double unit, double room) {
    return std::max(0.0, unit - pixel) - std::max(0.0, pixel + unit - room);
  };
  pan(shift(to_pixel_x(x), this->unit_x(), width), shift(to_pixel_y(y), this->unit_y(), height));
}

}  // namespace mcusim::viewer
