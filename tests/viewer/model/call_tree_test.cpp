#include "viewer/model/call_tree.h"

#include <gtest/gtest.h>

#include "../sample_profile.h"

namespace mcusim::viewer {
namespace {

const profiler::Profile kProfile = sample_profile();

std::string name_of(const CallTree& tree, std::uint32_t node) {
  return node == 0 ? "all" : kProfile.functions[tree.nodes()[node].function].name;
}

TEST(CallTree, TotalsFromAboveHoldWhatWasCalled) {
  const CallTree tree = CallTree::top_down(kProfile);
  EXPECT_EQ(tree.nodes()[0].total, kProfile.work.cycles);
  ASSERT_EQ(tree.nodes()[0].children.size(), 2u) << "main and the handler";
  const CallTree::Node& main = tree.nodes()[tree.nodes()[0].children[0]];
  EXPECT_EQ(main.total, 99'500u);
  EXPECT_EQ(main.self, 500u);
}

TEST(CallTree, ChildrenStandByTheirTotals) {
  const CallTree tree = CallTree::top_down(kProfile);
  for (const CallTree::Node& node : tree.nodes())
    for (std::size_t i = 1; i < node.children.size(); ++i)
      EXPECT_GE(tree.nodes()[node.children[i - 1]].total, tree.nodes()[node.children[i]].total);
}

TEST(CallTree, FromBelowTheTopLevelSharesOutAllCycles) {
  const CallTree tree = CallTree::bottom_up(kProfile);
  Cycles sum = 0;
  for (const std::uint32_t child : tree.nodes()[0].children) sum += tree.nodes()[child].total;
  EXPECT_EQ(sum, kProfile.work.cycles);
  const std::uint32_t hottest = tree.nodes()[0].children.front();
  EXPECT_EQ(name_of(tree, hottest), "dot");
  EXPECT_EQ(tree.nodes()[hottest].total, 42'000u);
  ASSERT_EQ(tree.nodes()[hottest].children.size(), 2u) << "both layers that call it";
  EXPECT_EQ(name_of(tree, tree.nodes()[hottest].children.front()), "net_layer_0_conv_2d");
}

TEST(CallTree, DeepRecursionFromBelowIsBounded) {
  profiler::Profile deep;
  deep.functions.resize(1);
  constexpr std::uint32_t kDepth = 20'000;
  for (std::uint32_t i = 0; i < kDepth; ++i)
    deep.call_paths.push_back({i == 0 ? profiler::CallPath::kRoot : i - 1, 0, 0, 1, 1, 1});
  const CallTree tree = CallTree::bottom_up(deep);
  EXPECT_EQ(tree.nodes()[0].total, kDepth);
  EXPECT_LT(tree.nodes().size(), 100u);
}

TEST(FlameGraph, BoxesLieWithinTheirParents) {
  const CallTree tree = CallTree::top_down(kProfile);
  std::vector<FlameBox> by_node(tree.nodes().size());
  for (const FlameBox& box : flame_graph(tree, 0, 1000)) {
    by_node[box.node] = box;
    if (box.node == 0) continue;
    const FlameBox& parent = by_node[tree.nodes()[box.node].parent];
    EXPECT_GE(box.left, parent.left) << name_of(tree, box.node);
    EXPECT_LE(box.left + box.width, parent.left + parent.width + 1e-9) << name_of(tree, box.node);
    EXPECT_NEAR(box.width, static_cast<double>(tree.nodes()[box.node].total) / 100, 1e-9);
  }
}

TEST(FlameGraph, TheFocusAndItsParentsFillTheWidth) {
  const CallTree tree = CallTree::top_down(kProfile);
  std::uint32_t dense = 0;
  for (std::uint32_t i = 1; i < tree.nodes().size(); ++i)
    if (name_of(tree, i) == "net_layer_1_fully_connected") dense = i;
  const auto boxes = flame_graph(tree, dense, 300);
  ASSERT_EQ(boxes.size(), 5u) << "all, main, net_run, the layer, dot";
  for (std::size_t i = 0; i < 4; ++i) EXPECT_DOUBLE_EQ(boxes[i].width, 300) << i;
  EXPECT_NEAR(boxes[4].width, 200, 1e-9) << "20,000 of 30,000 cycles";
}

TEST(FlameGraph, WhatIsTooNarrowIsLeftOut) {
  const CallTree tree = CallTree::top_down(kProfile);
  for (const FlameBox& box : flame_graph(tree, 0, 100)) EXPECT_GE(box.width, 1) << name_of(tree, box.node);
}

TEST(FlameGraph, OfNothingIsOneBox) {
  EXPECT_EQ(flame_graph(CallTree::top_down(profiler::Profile{}), 0, 100).size(), 1u);
}

}  // namespace
}  // namespace mcusim::viewer
