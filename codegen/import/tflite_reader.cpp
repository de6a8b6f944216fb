#include "codegen/import/tflite_reader.h"

#include <algorithm>

#include "codegen/graph/check.h"
#include "codegen/import/tflite_operator.h"

namespace mcusim::codegen {
namespace tflite {
namespace {

using Indices = flatbuffers::Vector<std::int32_t>;

class NetworkReader {
 public:
  explicit NetworkReader(const File& file) : file_(file), tensors_(file, graph_) {}

  Graph read() {
    const SubGraph& network = file_.network();
    check_borders(network.inputs());
    check_borders(network.outputs());
    for (const int index : *network.inputs()) {
      check_static(index);
      graph_.inputs.push_back(tensors_.import(index));
    }
    const std::vector<bool> live = live_operators();
    const ShapeArithmetic shapes(file_);
    for (unsigned i = 0; i < file_.operators().size(); ++i) {
      if (live[i]) add_node(*file_.operators().Get(i), shapes);
    }
    for (const int index : *network.outputs()) graph_.outputs.push_back(tensors_.import(index));
    return std::move(graph_);
  }

 private:
  void check_borders(const Indices* indices) const {
    if (indices == nullptr || indices->size() == 0 || indices->size() > kMostOperands) {
      file_.fail(
          fmt::format("the network needs 1 to {} inputs and outputs; convert a whole model", kMostOperands));
    }
    for (const int index : *indices) file_.tensor(index);
  }

  /// A free dimension means one sample where it is the first, and no known size elsewhere.
  void check_static(int index) const {
    const auto* signature = file_.tensor(index).shape_signature();
    if (signature == nullptr) return;
    for (unsigned i = 1; i < std::min<std::size_t>(signature->size(), kMostDimensions); ++i) {
      if (signature->Get(i) < 0) {
        file_.fail(
            fmt::format("dimension {} of input '{}' has no fixed size; convert it with a fixed input shape",
                        i, file_.tensor_name(index)));
      }
    }
  }

  /// Which operators compute what the outputs depend on; what only yields attributes is left out. In a sound
  /// file operands come before their users, so that one pass from the end finds them all; in an unsound one,
  /// check() misses the operand.
  std::vector<bool> live_operators() const {
    const auto& operators = file_.operators();
    std::vector<bool> needed(static_cast<std::size_t>(file_.tensor_count()));
    for (const int index : *file_.network().outputs()) needed[static_cast<std::size_t>(index)] = true;
    std::vector<bool> live(operators.size());
    for (unsigned i = operators.size(); i-- > 0;) {
      const Operator& op = *operators.Get(i);
      if (op.outputs() == nullptr || op.inputs() == nullptr || op.inputs()->size() > kMostOperands ||
          op.outputs()->size() > kMostOperands) {
        file_.fail(
            fmt::format("operator {} ({}) does not have 1 to {} operands and results; convert it again", i,
                        file_.operator_name(op), kMostOperands));
      }
      for (const int index : *op.outputs()) {
        file_.tensor(index);
        if (needed[static_cast<std::size_t>(index)]) live[i] = true;
      }
      const Handler* handler = find_handler(file_.code(op));
      const std::size_t kept = handler == nullptr ? kAllOperands : handler->kept_operands;
      for (unsigned operand = 0; operand < op.inputs()->size(); ++operand) {
        const int index = op.inputs()->Get(operand);
        if (index == -1) continue;
        file_.tensor(index);
        if (live[i] && operand < kept) needed[static_cast<std::size_t>(index)] = true;
      }
    }
    return live;
  }

  void add_node(const Operator& op, const ShapeArithmetic& shapes) {
    Node node;
    node.op = file_.operator_name(op);
    node.name = file_.tensor_name(op.outputs()->Get(0));
    const Handler* handler = find_handler(file_.code(op));
    if (handler == nullptr) {
      file_.fail(fmt::format("operator {} of tensor '{}' is not supported; supported are {}", node.op,
                             node.name, supported_operators()));
    }
    const std::size_t operands = op.inputs()->size();
    if (operands < handler->fewest_operands || operands > handler->most_operands ||
        op.outputs()->size() != 1) {
      file_.fail(fmt::format("operator {} of tensor '{}' has {} operands and {} results; convert it again",
                             node.op, node.name, operands, op.outputs()->size()));
    }
    const std::size_t kept = handler->kept_operands == kAllOperands ? operands : handler->kept_operands;
    for (std::size_t i = 0; i < kept; ++i) {
      node.inputs.push_back(i < operands ? tensors_.import(op.inputs()->Get(static_cast<unsigned>(i)))
                                         : kNoTensor);
    }
    node.outputs.push_back(tensors_.import(op.outputs()->Get(0)));
    node.attributes = handler->translate(OperatorReader(file_, tensors_, shapes, graph_, op, node));
    graph_.nodes.push_back(std::move(node));
  }

  const File& file_;
  Graph graph_;
  TensorImporter tensors_;
};

}  // namespace
}  // namespace tflite

Graph read_tflite(std::span<const std::uint8_t> bytes, const std::string& file) {
  return tflite::NetworkReader(tflite::File(bytes, file)).read();
}

}  // namespace mcusim::codegen
