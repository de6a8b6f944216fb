// Every rule of check(), broken one at a time in a sound graph. What a file can break is tested with files in
// tests/codegen/import; here are the rules that only an importer could break, and those of each operator.

#include "codegen/graph/check.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>

#include "common/error.h"

namespace mcusim::codegen {
namespace {

Tensor float_tensor(std::string name, Shape shape) {
  Tensor tensor;
  tensor.name = std::move(name);
  tensor.shape = std::move(shape);
  return tensor;
}

Tensor int8_tensor(std::string name, Shape shape, float scale, std::int64_t zero_point) {
  Tensor tensor = float_tensor(std::move(name), std::move(shape));
  tensor.type = DataType::int8;
  tensor.quantization = Quantization{{scale}, {zero_point}, 0};
  return tensor;
}

Tensor constant(Tensor tensor) {
  tensor.data.resize(tensor.bytes());
  return tensor;
}

/// One operator between the network's input(s) and output; constants are operands only.
Graph graph_of(const std::string& op, Attributes attributes, std::vector<Tensor> operands, Tensor result) {
  Graph graph;
  Node node{"result", op, std::move(attributes), {}, {}};
  for (Tensor& operand : operands) {
    const auto id = static_cast<TensorId>(graph.tensors.size());
    if (!operand.is_constant()) graph.inputs.push_back(id);
    node.inputs.push_back(id);
    graph.tensors.push_back(std::move(operand));
  }
  const auto id = static_cast<TensorId>(graph.tensors.size());
  graph.tensors.push_back(std::move(result));
  node.outputs = {id};
  graph.outputs = {id};
  graph.nodes.push_back(std::move(node));
  return graph;
}

/// 1x4x4x2 to 1x2x2x3 with a 3x3 filter.
Graph conv() {
  Tensor bias = float_tensor("bias", {3});
  bias.type = DataType::int32;
  return graph_of("CONV_2D", Conv2D{},
                  {int8_tensor("x", {1, 4, 4, 2}, 0.5f, 3), constant(int8_tensor("w", {3, 3, 3, 2}, 0.1f, 0)),
                   constant(bias)},
                  int8_tensor("result", {1, 2, 2, 3}, 0.2f, -4));
}

void expect_fault(const Graph& graph, const std::string& fault) {
  try {
    check(graph, "net.tflite");
    ADD_FAILURE() << "accepted; should say: " << fault;
  } catch (const InputError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find(fault), std::string::npos) << text << "\nshould say: " << fault;
    EXPECT_EQ(text.find("net.tflite: "), 0u) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
  }
}

TEST(GraphCheck, SoundGraphsPass) { EXPECT_NO_THROW(check(conv(), "net.tflite")); }

TEST(GraphCheck, StructureFaultsAreNamed) {
  const std::vector<std::pair<std::string, std::function<void(Graph&)>>> faults = {
      {"has no operators", [](Graph& g) { g.nodes.clear(); }},
      {"no input or no output", [](Graph& g) { g.outputs.clear(); }},
      {"input or output 9 is no tensor", [](Graph& g) { g.outputs = {9}; }},
      {"'w' is a constant", [](Graph& g) { g.inputs = {1}; }},
      {"is an input or output twice",
       [](Graph& g) {
         g.outputs = {3, 3};
       }},
      {"is an input or output twice", [](Graph& g) { g.outputs = {0}; }},
      {"'x' is int16", [](Graph& g) { g.tensors[0].type = DataType::int16; }},
      {"an operand is no tensor", [](Graph& g) { g.nodes[0].inputs[1] = 77; }},
      {"an operand is no tensor", [](Graph& g) { g.nodes[0].inputs[1] = -2; }},
      {"does not have one result",
       [](Graph& g) {
         g.nodes[0].outputs = {3, 0};
       }},
      {"does not have one result", [](Graph& g) { g.nodes[0].outputs = {-1}; }},
      {"its result is a constant", [](Graph& g) { g.nodes[0].outputs = {1}; }},
      {"computed twice or an input", [](Graph& g) { g.nodes[0].outputs = {0}; }},
      {"computed twice", [](Graph& g) { g.nodes.push_back(g.nodes[0]); }},
      {"used before it is computed", [](Graph& g) { g.nodes[0].inputs[0] = 3; }},
      {"is not computed by any operator",
       [](Graph& g) {
         g.tensors.push_back(g.tensors[3]);
         g.outputs.push_back(4);
       }},
      {"2 operands where 3 are expected", [](Graph& g) { g.nodes[0].inputs.pop_back(); }},
      {"first operand is missing", [](Graph& g) { g.nodes[0].inputs[0] = kNoTensor; }},
      {"weights are missing", [](Graph& g) { g.nodes[0].inputs[1] = kNoTensor; }},
      {"53 bytes of data where its shape 3x3x3x2 needs 54", [](Graph& g) { g.tensors[1].data.pop_back(); }},
      {"has shape 1x0x4x2", [](Graph& g) { g.tensors[0].shape[1] = 0; }},
      {"has shape 1x-4x4x2", [](Graph& g) { g.tensors[0].shape[1] = -4; }},
      {"more than 1024 MiB",
       [](Graph& g) {
         g.tensors[0].shape = {1 << 30, 1 << 30, 1 << 30, 1 << 30, 1 << 30};
       }},
      {"more than 1024 MiB",
       [](Graph& g) {
         g.tensors[0].shape = {1, 1 << 15, 1 << 15, 1};
       }},
      {"has 6 dimensions", [](Graph& g) { g.tensors[0].shape = {1, 1, 1, 4, 4, 2}; }},
      {"1 scales and 2 zero points",
       [](Graph& g) {
         g.tensors[1].quantization->zero_points = {0, 0};
       }},
      {"has the scale nan",
       [](Graph& g) { g.tensors[0].quantization->scales = {std::numeric_limits<float>::quiet_NaN()}; }},
      {"has the scale 0", [](Graph& g) { g.tensors[0].quantization->scales = {0}; }},
      {"has the scale inf",
       [](Graph& g) { g.tensors[0].quantization->scales = {std::numeric_limits<float>::infinity()}; }},
      {"zero point 128 outside int8", [](Graph& g) { g.tensors[0].quantization->zero_points = {128}; }},
      {"is int8 without one scale",
       [](Graph& g) {
         g.tensors[0].quantization = Quantization{{1, 1}, {0, 0}, 3};
       }},
      {"ask for a factor", [](Graph& g) { g.tensors[0].quantization->scales = {1e6f}; }},
      {"is not a constant of 3 int32 values", [](Graph& g) { g.tensors[2].type = DataType::float32; }},
      {"larger than its input", [](Graph& g) { std::get<Conv2D>(g.nodes[0].attributes).dilation_h = 2; }},
      {"padding as large as the filter",
       [](Graph& g) { std::get<Conv2D>(g.nodes[0].attributes).padding.top = 3; }},
      {"padding as large as the filter",
       [](Graph& g) { std::get<Conv2D>(g.nodes[0].attributes).padding.left = -1; }},
      {"its result has shape 1x2x2x3 where its operands give 1x3x2x3",
       [](Graph& g) { std::get<Conv2D>(g.nodes[0].attributes).padding.top = 1; }},
  };
  for (const auto& [fault, change] : faults) {
    Graph graph = conv();
    change(graph);
    expect_fault(graph, fault);
  }
}

TEST(GraphCheck, TooManyOperatorsAreRefused) {
  Graph graph = conv();
  graph.nodes.resize(kMostNodes + 1, graph.nodes[0]);
  expect_fault(graph, "10001 operators");
}

TEST(GraphCheck, OperatorFaultsAreNamed) {
  const auto x = [](Shape shape) { return float_tensor("x", std::move(shape)); };
  const auto y = [](Shape shape) { return float_tensor("result", std::move(shape)); };
  const auto q = [](Shape shape, float scale, std::int64_t zero) {
    return int8_tensor("x", std::move(shape), scale, zero);
  };
  Pool2D pool;
  pool.filter_h = pool.filter_w = 2;
  DepthwiseConv2D depthwise;
  depthwise.multiplier = 2;
  Tensor uint8 = q({4}, 1, 130);
  uint8.type = DataType::uint8;
  Tensor per_channel = constant(q({2}, 1, 0));
  per_channel.quantization = Quantization{{1, 1}, {0, 0}, 0};
  const std::vector<std::pair<std::string, Graph>> faults = {
      {"one scale per channel, which only weights",
       graph_of("ADD", Binary{}, {q({2}, 1, 0), per_channel}, q({2}, 1, 0))},
      {"with multiplier 2",
       graph_of("DEPTHWISE_CONV_2D", depthwise,
                {x({1, 4, 4, 2}), constant(x({1, 1, 1, 3})), constant(x({3}))}, y({1, 4, 4, 3}))},
      {"do not turn shape 1x5 into 1x3",
       graph_of("FULLY_CONNECTED", FullyConnected{}, {x({1, 5}), constant(x({3, 4})), constant(x({3}))},
                y({1, 3}))},
      {"its result has shape 1x2x2x1 where its operands give 1x3x3x1",
       graph_of("MAX_POOL_2D", pool, {x({1, 4, 4, 1})}, y({1, 2, 2, 1}))},
      {"differ from the result's",
       graph_of("MAX_POOL_2D", pool, {q({1, 3, 3, 1}, 1, 0)}, q({1, 2, 2, 1}, 2, 0))},
      {"where 4 dimensions are supported", graph_of("MAX_POOL_2D", pool, {x({4, 4, 1})}, y({3, 3, 1}))},
      {"axes do not fit", graph_of("MEAN", Mean{{4}, false}, {x({2, 3})}, y({2}))},
      {"axes do not fit", graph_of("MEAN", Mean{{}, false}, {x({2, 3})}, y({2, 3}))},
      {"give 2x1", graph_of("MEAN", Mean{{1}, true}, {x({2, 3})}, y({2}))},
      {"do not broadcast", graph_of("ADD", Binary{}, {x({2, 3}), x({2})}, y({2, 3}))},
      {"operands give 2x3", graph_of("ADD", Binary{}, {x({2, 1}), x({3})}, y({2, 2}))},
      {"operand of type int8 with a result of type float32",
       graph_of("ADD", Binary{}, {x({2}), q({2}, 1, 0)}, y({2}))},
      {"paddings do not name every dimension", graph_of("PAD", Pad{{1}, {1}}, {x({2, 3})}, y({2, 5}))},
      {"negative padding", graph_of("PAD", Pad{{-1}, {1}}, {x({3})}, y({3}))},
      {"does not hold as many elements", graph_of("RESHAPE", Reshape{}, {x({2, 3})}, y({5}))},
      {"beta is not within", graph_of("SOFTMAX", Softmax{-1}, {x({5})}, y({5}))},
      {"format prescribes 0.00390625 and -128",
       graph_of("SOFTMAX", Softmax{}, {q({5}, 1, 0)}, q({5}, 1.0f / 256, 0))},
      {"format prescribes 0.0078125 and 0",
       graph_of("TANH", Unary{Unary::Kind::tanh}, {q({5}, 1, 0)}, q({5}, 1.0f / 256, 0))},
      {"does not fit the others",
       graph_of("CONCATENATION", Concatenation{1}, {x({2, 3}), x({3, 3})}, y({2, 6}))},
      {"its axis is none", graph_of("CONCATENATION", Concatenation{2}, {x({2, 3}), x({2, 3})}, y({2, 6}))},
      {"fused activation is not supported",
       graph_of("CONCATENATION", Concatenation{0, Activation::relu}, {x({2}), x({3})}, y({5}))},
      {"does not name every dimension once",
       graph_of("TRANSPOSE", Transpose{{1, 1}}, {x({2, 3})}, y({3, 3}))},
      {"operands give 3x2", graph_of("TRANSPOSE", Transpose{{1, 0}}, {x({2, 3})}, y({2, 3}))},
      {"half-pixel centres", graph_of("RESIZE_NEAREST_NEIGHBOR", ResizeNearestNeighbor{true, true},
                                      {x({1, 2, 2, 1})}, y({1, 4, 4, 1}))},
      {"from uint8 to uint8 is not supported", graph_of("QUANTIZE", Quantize{}, {uint8}, uint8)},
      {"results of type uint8 are not supported", graph_of("RELU", Unary{}, {uint8}, uint8)},
      {"from float32 to float32", graph_of("DEQUANTIZE", Dequantize{}, {x({4})}, y({4}))},
  };
  for (const auto& [fault, graph] : faults) expect_fault(graph, fault);
}

}  // namespace
}  // namespace mcusim::codegen
