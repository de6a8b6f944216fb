#include "codegen/plan/memory_plan.h"

#include <gtest/gtest.h>

#include <random>

#include "codegen/plan/arena_layout.h"

namespace mcusim::codegen {
namespace {

/// Executes a graph on an arena in which each byte tells whose value it holds.
class Execution {
 public:
  Execution(const Graph& graph, const MemoryPlan& plan)
      : graph_(graph), plan_(plan), arena_(plan.arena_bytes, kNoTensor), value_(graph.tensors.size()) {}

  void run() {
    for (const TensorId id : graph_.inputs) write(id);
    for (const Node& node : graph_.nodes) {
      for (const TensorId id : node.inputs) expect_intact(id, "operand of " + node.name);
      const TensorId result = node.outputs[0];
      if (std::holds_alternative<Reshape>(node.attributes)) {
        EXPECT_EQ(offset(result), offset(node.inputs[0])) << "a reshape shares its operand's bytes";
        value_[index(result)] = value_[index(node.inputs[0])];
      } else {
        write(result);
        for (const TensorId id : node.inputs) expect_intact(id, "operand beside the result of " + node.name);
      }
    }
    for (const TensorId id : graph_.outputs) expect_intact(id, "output of the network");
  }

 private:
  static std::size_t index(TensorId id) { return static_cast<std::size_t>(id); }
  std::int64_t offset(TensorId id) const { return plan_.offsets[index(id)]; }

  void write(TensorId id) {
    const std::int64_t from = offset(id);
    ASSERT_GE(from, 0);
    ASSERT_EQ(static_cast<std::size_t>(from) % kArenaAlignment, 0u);
    ASSERT_LE(static_cast<std::size_t>(from) + graph_.tensor(id).bytes(), arena_.size());
    value_[index(id)] = id;
    for (std::size_t i = 0; i < graph_.tensor(id).bytes(); ++i)
      arena_[static_cast<std::size_t>(from) + i] = id;
  }

  void expect_intact(TensorId id, const std::string& what) {
    if (graph_.tensor(id).is_constant()) {
      EXPECT_EQ(offset(id), MemoryPlan::kNoOffset);
      return;
    }
    for (std::size_t i = 0; i < graph_.tensor(id).bytes(); ++i) {
      ASSERT_EQ(arena_[static_cast<std::size_t>(offset(id)) + i], value_[index(id)])
          << what << ": tensor " << id << " was overwritten at byte " << i;
    }
  }

  const Graph& graph_;
  const MemoryPlan& plan_;
  std::vector<TensorId> arena_;
  std::vector<TensorId> value_;  ///< Whose value a tensor holds; differs from itself behind a reshape.
};

Tensor tensor(std::int64_t bytes) {
  Tensor tensor;
  tensor.type = DataType::int8;
  tensor.shape = {bytes};
  return tensor;
}

/// Nodes of one to three operands, reshapes, constants, several inputs and outputs; sizes from 1 to 300
/// bytes.
Graph random_graph(std::mt19937& random) {
  Graph graph;
  const auto pick = [&random](std::size_t count) { return random() % count; };
  const auto add = [&graph](Tensor tensor) {
    graph.tensors.push_back(std::move(tensor));
    return static_cast<TensorId>(graph.tensors.size()) - 1;
  };
  for (std::size_t i = 0; i < 1 + pick(3); ++i)
    graph.inputs.push_back(add(tensor(1 + static_cast<int>(pick(300)))));
  std::vector<TensorId> computed = graph.inputs;
  const std::size_t nodes = 1 + pick(25);
  for (std::size_t n = 0; n < nodes; ++n) {
    Node node;
    node.name = "node " + std::to_string(n);
    // Mostly recent tensors, sometimes old ones, so that lifetimes differ.
    const auto operand = [&] {
      return computed[computed.size() - 1 - pick(std::min<std::size_t>(computed.size(), pick(4) ? 2 : 12))];
    };
    node.inputs.push_back(operand());
    if (pick(5) == 0) {
      node.attributes = Reshape{};
      node.outputs = {add(tensor(graph.tensor(node.inputs[0]).elements()))};
    } else {
      node.attributes = Concatenation{};
      for (std::size_t i = pick(3); i > 0; --i) node.inputs.push_back(operand());
      if (pick(3) == 0) {
        Tensor constant = tensor(8);
        constant.data.resize(8);
        node.inputs.push_back(add(constant));
      }
      node.outputs = {add(tensor(1 + static_cast<int>(pick(300))))};
    }
    computed.push_back(node.outputs[0]);
    graph.nodes.push_back(std::move(node));
  }
  graph.outputs.push_back(computed.back());
  const TensorId other = computed[graph.inputs.size() + pick(nodes)];
  if (other != computed.back()) graph.outputs.push_back(other);
  return graph;
}

TEST(MemoryPlan, NothingIsOverwrittenWhileItIsNeeded) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const Graph graph = random_graph(random);
    const MemoryPlan plan = plan_memory(graph);
    Execution(graph, plan).run();
    EXPECT_GE(plan.arena_bytes, arena_lower_bound(graph));
  }
}

TEST(MemoryPlan, IsNearTheLowerBoundOnAverage) {
  std::mt19937 random(2);
  double sum = 0;
  int optimal = 0;
  constexpr int kRounds = 500;
  for (int round = 0; round < kRounds; ++round) {
    const Graph graph = random_graph(random);
    const double ratio =
        static_cast<double>(plan_memory(graph).arena_bytes) / static_cast<double>(arena_lower_bound(graph));
    sum += ratio;
    optimal += ratio == 1;
  }
  RecordProperty("at_lower_bound", optimal);
  EXPECT_LT(sum / kRounds, 1.02);
  EXPECT_GT(optimal, kRounds * 8 / 10) << "plans at the lower bound";
}

TEST(MemoryPlan, TheSameGraphGivesTheSamePlan) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 first(seed), second(seed);
    const MemoryPlan a = plan_memory(random_graph(first));
    const MemoryPlan b = plan_memory(random_graph(second));
    EXPECT_EQ(a.offsets, b.offsets);
    EXPECT_EQ(a.scratch_offsets, b.scratch_offsets);
    EXPECT_EQ(a.arena_bytes, b.arena_bytes);
  }
}

TEST(MemoryPlan, ReshapedInputsThatAreOutputsShareOnePlace) {
  Graph graph;
  graph.tensors = {tensor(100), tensor(100), tensor(100)};
  graph.inputs = {0};
  graph.outputs = {2};
  graph.nodes = {Node{"a", "RESHAPE", Reshape{}, {0}, {1}}, Node{"b", "RESHAPE", Reshape{}, {1}, {2}}};
  const MemoryPlan plan = plan_memory(graph);
  EXPECT_EQ(plan.offsets, (std::vector<std::int64_t>{0, 0, 0}));
  EXPECT_EQ(plan.arena_bytes, 112u);
}

TEST(MemoryPlan, AnOutputComputedEarlyIsKeptToTheEnd) {
  Graph graph;
  graph.tensors = {tensor(16), tensor(16), tensor(16), tensor(16)};
  graph.inputs = {0};
  graph.outputs = {1, 3};
  graph.nodes = {Node{"a", "RELU", Unary{}, {0}, {1}}, Node{"b", "RELU", Unary{}, {0}, {2}},
                 Node{"c", "RELU", Unary{}, {2}, {3}}};
  const MemoryPlan plan = plan_memory(graph);
  EXPECT_EQ(plan.arena_bytes, 48u);
  Execution(graph, plan).run();
}

TEST(ArenaLayout, StoragesThatLiveTogetherNeverOverlap) {
  std::mt19937 random(3);
  for (int round = 0; round < 1000; ++round) {
    std::vector<Storage> storages;
    for (std::size_t i = 1 + random() % 30; i > 0; --i) {
      const int first = static_cast<int>(random() % 20);
      storages.push_back(
          {(1 + random() % 40) * kArenaAlignment, first, first + static_cast<int>(random() % 6)});
    }
    const std::size_t bound = busiest_moment(storages, 30);
    const ArenaLayout layout = lay_out(storages, bound);
    EXPECT_GE(layout.end, bound);
    for (std::size_t a = 0; a < storages.size(); ++a) {
      EXPECT_EQ(layout.offsets[a] % kArenaAlignment, 0u);
      EXPECT_LE(layout.offsets[a] + storages[a].bytes, layout.end);
      for (std::size_t b = 0; b < a; ++b) {
        const bool in_time = storages[a].first <= storages[b].last && storages[b].first <= storages[a].last;
        const bool in_space = layout.offsets[a] < layout.offsets[b] + storages[b].bytes &&
                              layout.offsets[b] < layout.offsets[a] + storages[a].bytes;
        EXPECT_FALSE(in_time && in_space) << "round " << round << ": " << a << " and " << b;
      }
    }
  }
}

TEST(ArenaLayout, RepairFindsWhatLargestFirstMisses) {
  // The start of MobileNetV1 0.25: the largest storage must not be at the bottom.
  const std::vector<Storage> storages = {
      {27648, -1, 0}, {18432, 0, 1}, {18432, 1, 2}, {36864, 2, 3}, {9216, 3, 4}};
  const std::size_t bound = busiest_moment(storages, 5);
  EXPECT_EQ(bound, 55296u);
  EXPECT_EQ(lay_out(storages, bound).end, bound);
}

}  // namespace
}  // namespace mcusim::codegen
