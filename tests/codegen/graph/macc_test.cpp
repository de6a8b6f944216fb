// Figures of public reports written by ST's converters (X-CUBE-AI 5 to 8, ST Edge AI Core 1).

#include <gtest/gtest.h>

#include "codegen/graph/graph.h"

namespace mcusim::codegen {
namespace {

Tensor tensor(Shape shape) {
  Tensor tensor;
  tensor.shape = std::move(shape);
  return tensor;
}

/// Of one node whose operands and result have these shapes; an empty operand is an omitted one.
std::uint64_t count(Attributes attributes, const std::vector<Shape>& operands, Shape result) {
  Graph graph;
  Node node;
  node.attributes = std::move(attributes);
  for (const Shape& shape : operands) {
    node.inputs.push_back(shape.empty() ? kNoTensor : static_cast<TensorId>(graph.tensors.size()));
    if (!shape.empty()) graph.tensors.push_back(tensor(shape));
  }
  node.outputs.push_back(static_cast<TensorId>(graph.tensors.size()));
  graph.tensors.push_back(tensor(std::move(result)));
  return macc(graph, node);
}

TEST(Macc, ConvolutionsCountTheBiasOncePerChannel) {
  EXPECT_EQ(count(Conv2D{}, {{1, 96, 64, 1}, {32, 3, 3, 1}, {32}}, {1, 48, 32, 32}), 442'400u);
  EXPECT_EQ(count(Conv2D{}, {{1, 48, 32, 32}, {64, 1, 1, 32}, {64}}, {1, 48, 32, 64}), 3'145'792u);
  EXPECT_EQ(count(DepthwiseConv2D{}, {{1, 48, 32, 64}, {1, 3, 3, 64}, {64}}, {1, 24, 16, 64}), 221'248u);
}

TEST(Macc, WithoutBiasOnlyProductsCount) {
  EXPECT_EQ(count(Conv2D{}, {{1, 48, 32, 32}, {64, 1, 1, 32}, {}}, {1, 48, 32, 64}), 3'145'728u);
  EXPECT_EQ(count(FullyConnected{}, {{1, 256}, {10, 256}, {}}, {1, 10}), 2'560u);
}

TEST(Macc, FusedActivationsCountNothing) {
  Conv2D fused;
  fused.activation = Activation::relu6;
  EXPECT_EQ(count(fused, {{1, 96, 64, 1}, {32, 3, 3, 1}, {32}}, {1, 48, 32, 32}), 442'400u);
}

TEST(Macc, DenseLayersCountProductsAndBias) {
  EXPECT_EQ(count(FullyConnected{}, {{1, 256}, {10, 256}, {10}}, {1, 10}), 2'570u);
}

TEST(Macc, PoolsCountTheirWindowsAndMeansTheirInputs) {
  Pool2D pool;
  pool.filter_h = 3;
  pool.filter_w = 2;
  EXPECT_EQ(count(pool, {{1, 12, 8, 4}}, {1, 4, 4, 4}), 3u * 2 * 4 * 4 * 4);
  EXPECT_EQ(count(Mean{{1, 2}, false}, {{1, 12, 8, 256}}, {1, 256}), 24'576u);
}

TEST(Macc, ElementwiseOperatorsCountPerElement) {
  EXPECT_EQ(count(Softmax{}, {{1, 10}}, {1, 10}), 150u);
  EXPECT_EQ(count(Quantize{}, {{1, 10}}, {1, 10}), 20u);
  EXPECT_EQ(count(Dequantize{}, {{1, 10}}, {1, 10}), 20u);
  EXPECT_EQ(count(Unary{Unary::Kind::relu}, {{1, 8, 8, 4}}, {1, 8, 8, 4}), 256u);
  EXPECT_EQ(count(Binary{}, {{1, 8, 8, 4}, {1, 1, 1, 4}}, {1, 8, 8, 4}), 256u);
  EXPECT_EQ(count(Transpose{{0, 2, 1}}, {{1, 96, 64}}, {1, 64, 96}), 3'072u);
}

TEST(Macc, MovedDataCountsNothing) {
  EXPECT_EQ(count(Reshape{}, {{1, 10}}, {10, 1}), 0u);
  EXPECT_EQ(count(Pad{{0, 1}, {0, 1}}, {{1, 10}}, {1, 12}), 0u);
}

}  // namespace
}  // namespace mcusim::codegen
