#include "tests/codegen/support/graphs.h"

#include <cstring>

namespace mcusim::codegen::testing {

Tensor int8_tensor(std::string name, Shape shape, float scale, std::int64_t zero_point) {
  Tensor tensor;
  tensor.name = std::move(name);
  tensor.type = DataType::int8;
  tensor.shape = std::move(shape);
  tensor.quantization = Quantization{{scale}, {zero_point}, 0};
  return tensor;
}

Graph dense_chain(int layers, int width) {
  Graph graph;
  graph.name = "dense_chain";
  graph.tensors.push_back(int8_tensor("input", {1, width}, 0.5f, 0));
  Tensor weights = int8_tensor("weights", {width, width}, 0.25f, 0);
  for (int i = 0; i < width * width; ++i)
    weights.data.push_back(static_cast<std::uint8_t>(i * 7 % 255 - 127));
  graph.tensors.push_back(weights);
  graph.inputs = {0};
  TensorId previous = 0;
  for (int i = 0; i < layers; ++i) {
    const auto output = static_cast<TensorId>(graph.tensors.size());
    graph.tensors.push_back(int8_tensor("dense", {1, width}, 0.5f, 0));
    graph.nodes.push_back({"dense", "FULLY_CONNECTED", FullyConnected{}, {previous, 1, kNoTensor}, {output}});
    previous = output;
  }
  graph.outputs = {previous};
  return graph;
}

}  // namespace mcusim::codegen::testing
