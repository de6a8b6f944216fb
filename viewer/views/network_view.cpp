#include "viewer/views/network_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "profiler/reports/format.h"
#include "viewer/model/causes.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {

using profiler::grouped;
using profiler::LayerProfile;

namespace {

constexpr float kBoxWidthEms = 15, kBoxHeightEms = 3.6f, kLineEms = 1.15f;
constexpr double kReadable = 0.55;  ///< Of a box, for a line of text between its edges and those of the next.

}  // namespace

NetworkView::NetworkView(const profiler::Profile& profile)
    : profile_(profile), graph_(network_graph(profile)) {
  for (const LayerProfile& layer : profile.layers) most_ = std::max(most_, layer.cycles);
}

void NetworkView::take_over(const View& before) {
  const auto& other = dynamic_cast<const NetworkView&>(before);
  if (other.graph_.nodes.size() != graph_.nodes.size()) return;
  plane_ = other.plane_;
  fitted_em_ = other.fitted_em_;
}

void NetworkView::draw(Frame& frame) {
  if (profile_.layers.empty()) {
    empty_note(frame,
               "This profile has no layers: run a network, or name parts of the firmware with --region.");
    return;
  }
  empty_note(
      frame,
      graph_.is_linked
          ? "colour: cycles;  wheel, W, S zoom;  right drag, A, D move;  arrows choose a layer;  Home "
            "shows all"
          : "The file does not tell which tensors link the layers (mcusim build writes it): they stand in "
            "the order of execution.");
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  const Rectangle box{at.x, at.y, at.x + room.x, at.y + room.y};
  ImGui::InvisibleButton("plane", room, ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight);
  const bool is_hovered = ImGui::IsItemHovered();
  mark_item(frame, "network");
  if (fitted_em_ != em()) {
    fitted_em_ = em();
    const double least = std::exchange(shows_all_, false) ? Plane::kLeastScale : kReadable;
    plane_.fit(graph_, room.x, room.y, kBoxWidthEms * em(), kBoxHeightEms * em(), least);
  }
  navigate_plane(frame, box, is_hovered);
  ImGui::GetWindowDrawList()->PushClipRect({box.left, box.top}, {box.right, box.bottom}, true);
  draw_edges(frame, box);
  for (const NetworkNode& node : graph_.nodes) draw_node(frame, node, box, is_hovered);
  ImGui::GetWindowDrawList()->PopClipRect();
}

void NetworkView::navigate_plane(Frame& frame, const Rectangle& box, bool is_hovered) {
  const Input& input = frame.input;
  if (is_hovered && input.wheel != 0)
    plane_.zoom(std::pow(1.25, input.wheel), input.mouse_x - box.left, input.mouse_y - box.top);
  if (is_hovered && ImGui::IsMouseDragging(ImGuiMouseButton_Right, 0))
    plane_.pan(ImGui::GetIO().MouseDelta.x, ImGui::GetIO().MouseDelta.y);
  if (ImGui::GetIO().WantTextInput || input.ctrl) return;
  const double middle_x = (box.right - box.left) / 2, middle_y = (box.bottom - box.top) / 2;
  if (input.is_down(Key::w)) plane_.zoom(std::pow(8, input.seconds), middle_x, middle_y);
  if (input.is_down(Key::s)) plane_.zoom(std::pow(8, -input.seconds), middle_x, middle_y);
  if (input.is_down(Key::a)) plane_.pan(2 * middle_x * input.seconds, 0);
  if (input.is_down(Key::d)) plane_.pan(-2 * middle_x * input.seconds, 0);
  if (input.is_pressed(Key::home)) {
    fitted_em_ = 0;
    shows_all_ = true;
  }
  if (input.is_pressed(Key::right)) step_to(frame, 1, 0, box);
  if (input.is_pressed(Key::left)) step_to(frame, -1, 0, box);
  if (input.is_pressed(Key::down)) step_to(frame, 0, 1, box);
  if (input.is_pressed(Key::up)) step_to(frame, 0, -1, box);
}

void NetworkView::step_to(Frame& frame, int right, int down, const Rectangle& box) {
  const std::optional<std::size_t> from = frame.selection.layer();
  const std::optional<std::size_t> layer = from ? layer_beside(graph_, *from, right, down) : 0;
  if (!layer) return;
  frame.selection.select_layer(profile_, *layer);
  plane_.reveal(graph_.nodes[*layer].x, graph_.nodes[*layer].y, box.right - box.left, box.bottom - box.top);
}

void NetworkView::draw_edges(Frame& frame, const Rectangle& box) const {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (const NetworkEdge& edge : graph_.edges) {
    for (const NetworkEdge::Point& point : edge.path)
      list.PathLineTo({box.left + static_cast<float>(plane_.to_pixel_x(point.x)),
                       box.top + static_cast<float>(plane_.to_pixel_y(point.y))});
    list.PathStroke(frame.theme.dim_text, 0, std::max(1.0f, 0.1f * em()));
  }
}

std::vector<std::string> NetworkView::lines_of(const NetworkNode& node, std::size_t most) const {
  if (node.kind != NetworkNode::Kind::layer) {
    const profiler::ActivationProfile& tensor = profile_.activations[node.what];
    const std::string_view what = node.kind == NetworkNode::Kind::input ? "input" : "output";
    const std::string shape = fmt::format("{} {}", tensor.type, fmt::join(tensor.shape, "x"));
    if (most < 2) return {most == 0 ? "" : fmt::format("{}  {}", what, shape)};
    return {std::string(what), shape};
  }
  const LayerProfile& layer = profile_.layers[node.what];
  const std::string shape = fmt::format("{}", fmt::join(layer.layer.output_shape, "x"));
  const std::string percent = profiler::percent_of(layer.cycles, profile_.work.cycles) + " %";
  const std::string name = fmt::format("{}  {}", layer.layer.index, layer.layer.op);
  if (most >= 3) return {name, shape, fmt::format("{} cycles, {}", grouped(layer.cycles), percent)};
  if (most == 2) return {name, fmt::format("{}   {}", percent, shape)};
  return {most == 0 ? "" : fmt::format("{}   {}", name, percent)};
}

void NetworkView::draw_node(Frame& frame, const NetworkNode& node, const Rectangle& box, bool is_hovered) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto x = [&](double at) { return box.left + static_cast<float>(plane_.to_pixel_x(at)); };
  const auto y = [&](double at) { return box.top + static_cast<float>(plane_.to_pixel_y(at)); };
  const Rectangle place{x(node.x - 0.5), y(node.y - 0.5), x(node.x + 0.5), y(node.y + 0.5)};
  if (place.right < box.left || place.left > box.right || place.bottom < box.top || place.top > box.bottom)
    return;
  const bool is_layer = node.kind == NetworkNode::Kind::layer;
  const double share =
      is_layer ? static_cast<double>(profile_.layers[node.what].cycles) / static_cast<double>(most_) : 0;
  const ImU32 colour = is_layer ? frame.theme.heat(share) : frame.theme.panel;
  const float rounding = is_layer ? 0 : 0.5f * (place.bottom - place.top);
  list.AddRectFilled({place.left, place.top}, {place.right, place.bottom}, colour, rounding);
  list.AddRect({place.left, place.top}, {place.right, place.bottom}, frame.theme.line, rounding);
  const bool is_selected = is_layer && frame.selection.layer() == node.what;
  if (is_selected)
    list.AddRect({place.left, place.top}, {place.right, place.bottom}, frame.theme.selected, rounding, 0,
                 0.2f * em());
  const std::vector<std::string> lines = lines_of(node, 3);
  // Text keeps its size; what the box has no room for is left out.
  const auto room = static_cast<std::size_t>((place.bottom - place.top) / (kLineEms * em()));
  const std::vector<std::string> shown = lines_of(node, room);
  const float line = kLineEms * em(), indent = 0.4f * rounding;
  float top = (place.top + place.bottom - line * static_cast<float>(shown.size())) / 2;
  for (const std::string& one : shown) {
    draw_text_in(list, {place.left + 0.2f * em() + indent, top, place.right - indent, top + line},
                 frame.theme.text_over(colour), one);
    top += line;
  }
  if (is_layer) frame.landmarks["network/" + std::to_string(node.what)] = place;
  const Input& input = frame.input;
  if (!is_hovered || input.mouse_x < place.left || input.mouse_x >= place.right ||
      input.mouse_y < place.top || input.mouse_y >= place.bottom)
    return;
  std::string tip = fmt::format("{}\n{}", lines[0], lines[1]);
  if (is_layer) {
    const LayerProfile& layer = profile_.layers[node.what];
    const std::string worst = worst_stall(profile_, layer.stalls);
    tip = fmt::format("{}\n{}\n{}\n{} MACC{}", lines[0] + "  " + layer.layer.name, lines[1], lines[2],
                      grouped(layer.layer.macc), worst.empty() ? "" : "\nworst stall " + worst + " %");
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) frame.selection.select_layer(profile_, node.what);
  }
  ImGui::SetTooltip("%s", tip.c_str());
}

}  // namespace mcusim::viewer
