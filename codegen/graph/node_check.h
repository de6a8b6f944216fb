#pragma once

#include <string>
#include <string_view>

#include "codegen/graph/graph.h"

namespace mcusim::codegen {

/// The operands of one node and the rules that several operators share. Each rule throws InputError when it
/// is broken. Used by check() only, after ids, shapes and constants were found sound.
class NodeCheck {
 public:
  NodeCheck(const Graph& graph, const Node& node, std::string_view file)
      : graph_(graph), node_(node), file_(file) {}

  [[noreturn]] void fail(std::string_view fault_and_remedy) const;
  void require(bool condition, std::string_view fault_and_remedy) const {
    if (!condition) fail(fault_and_remedy);
  }

  std::size_t input_count() const { return node_.inputs.size(); }
  const Tensor& input(std::size_t index) const { return graph_.tensor(node_.inputs[index]); }
  bool has_input(std::size_t index) const {
    return index < node_.inputs.size() && node_.inputs[index] != kNoTensor;
  }
  const Tensor& output() const { return graph_.tensor(node_.outputs[0]); }

  void operand_count(std::size_t count) const;
  void output_shape(const Shape& expected) const;
  void rank(const Tensor& tensor, std::size_t dimensions) const;

  /// Every operand and the result have the same type, float32 or int8; int8 ones have one scale each.
  void one_arithmetic_type() const;
  /// int8 data moves or is compared without rescaling: scale and zero point of operands and result agree.
  void no_rescaling() const;
  /// One positive finite scale and a zero point within the type.
  void per_tensor_quantization(const Tensor& tensor) const;
  /// Factors by which a kernel rescales must neither vanish nor overflow its fixed-point form.
  void rescaling(double factor) const;
  /// The result's scale and zero point where TensorFlow Lite prescribes them.
  void fixed_output_quantization(float scale, std::int64_t zero_point) const;

  /// Operands 1 and 2 of a convolution or dense layer: constant weights whose channels lie along `axis`, and
  /// the constant bias of `channels` elements.
  void weights_and_bias(int axis, std::int64_t channels) const;

 private:
  const Graph& graph_;
  const Node& node_;
  std::string_view file_;
};

/// The rules of the node's own operator. Throws InputError.
void check_operator(const Graph& graph, const Node& node, std::string_view file);

std::string to_text(const Shape& shape);  ///< "1x8x8x3"; "scalar" without dimensions.

}  // namespace mcusim::codegen
