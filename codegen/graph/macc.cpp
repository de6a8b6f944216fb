#include <utility>

#include "codegen/graph/graph.h"

// The rules reproduce the MACC column of public reports that ST's converters (X-CUBE-AI 5 to 8, ST Edge AI
// Core 1 to 4) wrote, so that figures can be compared. Where no public report shows an operator, the rule
// says "assumed". A fused activation counts nothing, as in the reports' column of the generated network.

namespace mcusim::codegen {
namespace {

using Count = std::uint64_t;

/// Per element of a result.
constexpr Count kSoftmax = 15;
constexpr Count kQuantize = 2;
constexpr Count kBinary = 1;
constexpr Count kRelu = 1;
constexpr Count kLogisticOrTanh = 1;  // Assumed: no report shows one.

struct Rule {
  const Graph& graph;
  const Node& node;

  const Tensor& input(std::size_t index) const { return graph.tensor(node.inputs[index]); }
  Count inputs() const { return static_cast<Count>(input(0).elements()); }
  Count outputs() const { return static_cast<Count>(graph.tensor(node.outputs[0]).elements()); }
  Count weight_dimension(std::size_t index) const { return static_cast<Count>(input(1).shape[index]); }
  /// Once per output channel, however large the result is.
  Count bias() const { return node.inputs[2] == kNoTensor ? 0 : static_cast<Count>(input(2).elements()); }

  /// Taps on the padding count like others.
  Count operator()(const Conv2D&) const {
    return outputs() * weight_dimension(1) * weight_dimension(2) * weight_dimension(3) + bias();
  }
  Count operator()(const DepthwiseConv2D&) const {
    return outputs() * weight_dimension(1) * weight_dimension(2) + bias();
  }
  Count operator()(const FullyConnected&) const { return outputs() * weight_dimension(1) + bias(); }
  Count operator()(const Pool2D& pool) const {
    return outputs() * static_cast<Count>(pool.filter_h) * static_cast<Count>(pool.filter_w);
  }
  Count operator()(const Mean&) const { return inputs(); }
  Count operator()(const Binary&) const { return kBinary * outputs(); }
  Count operator()(const Softmax&) const { return kSoftmax * outputs(); }
  Count operator()(const Unary& unary) const {
    const bool clamps = unary.kind == Unary::Kind::relu || unary.kind == Unary::Kind::relu6;
    return (clamps ? kRelu : kLogisticOrTanh) * outputs();
  }
  Count operator()(const Transpose&) const {
    return outputs() / 2;
  }  // Half a MACC per element since Core 1.0.
  Count operator()(const Quantize&) const { return kQuantize * outputs(); }
  Count operator()(const Dequantize&) const { return kQuantize * outputs(); }

  // Data is moved only.
  Count operator()(const Pad&) const { return 0; }
  Count operator()(const Reshape&) const { return 0; }
  Count operator()(const Concatenation&) const { return 0; }          // Assumed.
  Count operator()(const ResizeNearestNeighbor&) const { return 0; }  // Assumed.
};

}  // namespace

std::uint64_t macc(const Graph& graph, const Node& node) {
  return std::visit(Rule{graph, node}, node.attributes);
}

}  // namespace mcusim::codegen
