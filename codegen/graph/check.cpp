#include "codegen/graph/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "codegen/graph/node_check.h"
#include "common/error.h"

namespace mcusim::codegen {
namespace {

/// The graph's structure; operators are looked at only when all of it holds.
class GraphCheck {
 public:
  GraphCheck(const Graph& graph, std::string_view file)
      : graph_(graph), file_(file), defined_(graph.tensors.size()) {}

  void run() {
    limits();
    for (const Tensor& tensor : graph_.tensors) this->tensor(tensor);
    borders();
    for (const Node& node : graph_.nodes) this->node(node);
    for (const TensorId id : graph_.outputs) {
      if (!defined_[index(id)] || is_graph_input(id)) {
        fail(fmt::format("output '{}' is not computed by any operator; convert the model again",
                         graph_.tensor(id).name));
      }
    }
  }

 private:
  [[noreturn]] void fail(const std::string& text) const {
    throw InputError(fmt::format("{}: {}", file_, text));
  }
  static std::size_t index(TensorId id) { return static_cast<std::size_t>(id); }
  bool in_range(TensorId id) const { return id >= 0 && index(id) < graph_.tensors.size(); }
  bool is_graph_input(TensorId id) const {
    return std::find(graph_.inputs.begin(), graph_.inputs.end(), id) != graph_.inputs.end();
  }

  void limits() const {
    if (graph_.nodes.empty()) fail("the network has no operators; convert a trained model");
    if (graph_.nodes.size() > kMostNodes || graph_.tensors.size() > kMostTensors) {
      fail(fmt::format(
          "{} operators and {} tensors are more than the {} and {} supported; use a smaller network",
          graph_.nodes.size(), graph_.tensors.size(), kMostNodes, kMostTensors));
    }
  }

  void tensor(const Tensor& tensor) {
    if (tensor.shape.size() > kMostDimensions) {
      fail(fmt::format("tensor '{}' has {} dimensions, at most {} are supported; reshape it in the model",
                       tensor.name, tensor.shape.size(), kMostDimensions));
    }
    // Division instead of multiplication: the product of hostile dimensions overflows.
    Bytes bytes = size_of(tensor.type);
    for (const std::int64_t dimension : tensor.shape) {
      if (dimension <= 0) {
        fail(fmt::format("tensor '{}' has shape {}; give every dimension a positive size at conversion",
                         tensor.name, to_text(tensor.shape)));
      }
      if (bytes > kLargestTensorSum / static_cast<Bytes>(dimension)) too_large();
      bytes *= static_cast<Bytes>(dimension);
    }
    sum_ += bytes;
    if (sum_ > kLargestTensorSum) too_large();
    if (tensor.is_constant() && tensor.data.size() != bytes) {
      fail(fmt::format(
          "constant '{}' has {} bytes of data where its shape {} needs {}; convert the model again",
          tensor.name, tensor.data.size(), to_text(tensor.shape), bytes));
    }
    if (tensor.quantization) quantization(tensor, *tensor.quantization);
  }

  [[noreturn]] void too_large() const {
    fail(fmt::format("its tensors take more than {} MiB together; use a network made for microcontrollers",
                     kLargestTensorSum >> 20));
  }

  void quantization(const Tensor& tensor, const Quantization& q) const {
    const bool lengths_agree = !q.scales.empty() && q.scales.size() == q.zero_points.size();
    const auto rank = static_cast<int>(tensor.shape.size());
    const bool axis_fits =
        !q.per_channel() ||
        (q.axis >= 0 && q.axis < rank &&
         q.scales.size() == static_cast<std::size_t>(tensor.shape[static_cast<std::size_t>(q.axis)]));
    if (!lengths_agree || !axis_fits) {
      fail(
          fmt::format("tensor '{}' of shape {} has {} scales and {} zero points along dimension {}; "
                      "quantise the model again",
                      tensor.name, to_text(tensor.shape), q.scales.size(), q.zero_points.size(), q.axis));
    }
    for (const float scale : q.scales) {
      // Beyond these, products and quotients of scales leave the range of a float.
      if (!(scale >= 1e-18f && scale <= 1e18f)) {
        fail(fmt::format("tensor '{}' has the scale {}; quantise the model again", tensor.name, scale));
      }
    }
  }

  void borders() {
    if (graph_.inputs.empty() || graph_.outputs.empty()) {
      fail("the network has no input or no output; convert a whole model");
    }
    if (graph_.inputs.size() > kMostOperands || graph_.outputs.size() > kMostOperands) {
      fail(fmt::format("more than {} inputs or outputs; use a smaller network", kMostOperands));
    }
    std::set<TensorId> seen;
    for (const auto* list : {&graph_.inputs, &graph_.outputs}) {
      for (const TensorId id : *list) {
        if (!in_range(id)) fail(fmt::format("input or output {} is no tensor; convert the model again", id));
        const Tensor& tensor = graph_.tensor(id);
        if (!seen.insert(id).second) {
          fail(fmt::format("tensor '{}' is an input or output twice; give each its own tensor", tensor.name));
        }
        if (tensor.is_constant()) {
          fail(fmt::format("input or output '{}' is a constant; remove it from the model", tensor.name));
        }
        if (tensor.type != DataType::float32 && tensor.type != DataType::int8 &&
            tensor.type != DataType::uint8) {
          fail(fmt::format("input or output '{}' is {}; supported are float32, int8 and uint8", tensor.name,
                           name_of(tensor.type)));
        }
        if (tensor.type != DataType::float32 &&
            !(tensor.quantization && tensor.quantization->scales.size() == 1)) {
          fail(fmt::format("input or output '{}' is {} without one scale; quantise the model again",
                           tensor.name, name_of(tensor.type)));
        }
      }
    }
    for (const TensorId id : graph_.inputs) defined_[index(id)] = true;
  }

  void node(const Node& node) {
    const NodeCheck rule(graph_, node, file_);
    if (node.outputs.size() != 1 || !in_range(node.outputs[0])) {
      fail(fmt::format("operator {} does not have one result; convert the model again", node.op));
    }
    rule.require(node.inputs.size() <= kMostOperands, "too many operands; split the operator");
    for (const TensorId id : node.inputs) {
      if (id == kNoTensor) continue;
      rule.require(in_range(id), "an operand is no tensor; convert the model again");
      const Tensor& tensor = graph_.tensor(id);
      if (!tensor.is_constant() && !defined_[index(id)]) {
        rule.fail(
            fmt::format("operand '{}' is used before it is computed; convert the model again", tensor.name));
      }
    }
    const std::size_t output = index(node.outputs[0]);
    rule.require(!graph_.tensors[output].is_constant(), "its result is a constant; convert the model again");
    rule.require(!defined_[output], "its result is computed twice or an input; convert the model again");
    defined_[output] = true;
    check_operator(graph_, node, file_);
  }

  const Graph& graph_;
  std::string_view file_;
  std::vector<bool> defined_;  ///< Inputs and what earlier nodes computed, by tensor.
  Bytes sum_ = 0;
};

}  // namespace

void check(const Graph& graph, std::string_view file) { GraphCheck(graph, file).run(); }

std::string printable(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

}  // namespace mcusim::codegen
