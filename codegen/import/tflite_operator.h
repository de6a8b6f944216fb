#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "codegen/graph/graph.h"
#include "codegen/import/tflite_shape_arithmetic.h"
#include "codegen/import/tflite_tensors.h"

namespace mcusim::codegen::tflite {

/// What a handler sees of one operator: its options as the file has them, its operands as the graph has them.
class OperatorReader {
 public:
  OperatorReader(const File& file, const TensorImporter& tensors, const ShapeArithmetic& shapes,
                 const Graph& graph, const Operator& op, const Node& node)
      : file_(file), tensors_(tensors), shapes_(shapes), graph_(graph), op_(op), node_(node) {}

  template <typename Options>
  const Options& options() const {
    const Options* options = op_.builtin_options_as<Options>();
    if (options == nullptr) fail("its options are missing; convert it again");
    return *options;
  }
  template <typename Options>
  const Options* options_if_present() const {
    return op_.builtin_options_as<Options>();
  }

  bool has_operand(std::size_t index) const {
    return index < op_.inputs()->size() && op_.inputs()->Get(static_cast<unsigned>(index)) != -1;
  }
  bool is_constant(std::size_t index) const {
    return !file_.data(op_.inputs()->Get(static_cast<unsigned>(index))).empty();
  }
  /// Of an operand that became part of the graph.
  const Shape& shape(std::size_t index) const;
  const Shape& output_shape() const { return graph_.tensor(node_.outputs[0]).shape; }
  /// As above, of four positive dimensions.
  const Shape& shape4(std::size_t index) const;
  /// Values of a constant operand; `what` names them in errors.
  std::vector<std::int64_t> integers(std::size_t index, std::string_view what) const;

  /// A run-time operand whose values are nevertheless fixed, see ShapeArithmetic.
  bool follows_from_shapes(std::size_t index) const {
    return shapes_.follows_from_shapes(op_.inputs()->Get(static_cast<unsigned>(index)));
  }

  Activation activation(ActivationFunctionType type) const;
  codegen::Padding padding(Padding kind, const Shape& input, std::int64_t filter_h, std::int64_t filter_w,
                           std::int32_t stride_h, std::int32_t stride_w, std::int32_t dilation_h = 1,
                           std::int32_t dilation_w = 1) const;
  /// A dimension of an operand of `rank` dimensions, -1 being the last.
  std::int32_t axis(std::int64_t axis, std::size_t rank) const;
  std::int32_t narrow(std::int64_t value, std::string_view what) const;

  [[noreturn]] void fail(std::string_view fault_and_remedy) const;

 private:
  const File& file_;
  const TensorImporter& tensors_;
  const ShapeArithmetic& shapes_;
  const Graph& graph_;
  const Operator& op_;
  const Node& node_;
};

inline constexpr std::size_t kAllOperands = static_cast<std::size_t>(-1);

/// How an operator of the file becomes a node. A handler translates; check() judges the result, so that each
/// rule stands in one place.
struct Handler {
  BuiltinOperator code;
  std::size_t fewest_operands, most_operands;
  /// How many the node has, kNoTensor where the file omits the last; those behind are constants that become
  /// attributes.
  std::size_t kept_operands;
  Attributes (*translate)(const OperatorReader&);
};

/// nullptr for an operator without one.
const Handler* find_handler(BuiltinOperator code);
/// "ADD, AVERAGE_POOL_2D, ..."
std::string supported_operators();

Attributes conv_2d(const OperatorReader& op);
Attributes depthwise_conv_2d(const OperatorReader& op);
Attributes fully_connected(const OperatorReader& op);
Attributes max_pool_2d(const OperatorReader& op);
Attributes average_pool_2d(const OperatorReader& op);

Attributes mean(const OperatorReader& op);
Attributes pad(const OperatorReader& op);
Attributes reshape(const OperatorReader& op);
Attributes concatenation(const OperatorReader& op);
Attributes transpose(const OperatorReader& op);
Attributes resize_nearest_neighbor(const OperatorReader& op);

Attributes add(const OperatorReader& op);
Attributes mul(const OperatorReader& op);
Attributes softmax(const OperatorReader& op);

}  // namespace mcusim::codegen::tflite
