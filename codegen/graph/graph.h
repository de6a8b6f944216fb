#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/data_type.h"

namespace mcusim::codegen {

// The network as everything behind the importers sees it: typed tensors and operators in execution order.
// Activations are NHWC, convolution weights as TensorFlow Lite has them: [Co, Kh, Kw, Ci], depthwise
// [1, Kh, Kw, Co], fully connected [Co, Ci].

using TensorId = int;
inline constexpr TensorId kNoTensor = -1;
using Shape = std::vector<std::int64_t>;

std::int64_t element_count(const Shape& shape);

/// real = scale * (quantised - zero_point); one scale per tensor, or one per slice along `axis`.
struct Quantization {
  std::vector<float> scales;
  std::vector<std::int64_t> zero_points;
  int axis = 0;

  bool per_channel() const { return scales.size() > 1; }
};

struct Tensor {
  std::string name;
  DataType type = DataType::float32;
  Shape shape;
  std::optional<Quantization> quantization;
  std::vector<std::uint8_t> data;  ///< Of a constant, little-endian; empty: computed at run time.

  bool is_constant() const { return !data.empty(); }
  std::int64_t elements() const { return element_count(shape); }
  std::size_t bytes() const { return static_cast<std::size_t>(elements()) * size_of(type); }
};

enum class Activation : std::uint8_t { none, relu, relu6, relu_n1_to_1 };

/// Rows and columns of zeros (of the zero point) around the input. Computed by the importer from SAME or
/// VALID, so that later stages see numbers only.
struct Padding {
  std::int32_t top = 0, bottom = 0, left = 0, right = 0;
};

struct Conv2D {
  std::int32_t stride_h = 1, stride_w = 1;
  std::int32_t dilation_h = 1, dilation_w = 1;
  Padding padding;
  Activation activation = Activation::none;
};

struct DepthwiseConv2D {
  std::int32_t stride_h = 1, stride_w = 1;
  std::int32_t dilation_h = 1, dilation_w = 1;
  std::int32_t multiplier = 1;  ///< Output channels per input channel.
  Padding padding;
  Activation activation = Activation::none;
};

struct FullyConnected {
  Activation activation = Activation::none;
};

struct Pool2D {
  enum class Kind : std::uint8_t { max, average };
  Kind kind = Kind::max;
  std::int32_t filter_h = 1, filter_w = 1;
  std::int32_t stride_h = 1, stride_w = 1;
  Padding padding;
  Activation activation = Activation::none;
};

struct Mean {
  std::vector<std::int32_t> axes;  ///< Non-negative, ascending.
  bool keep_dims = false;
};

/// Element-wise with numpy's broadcasting.
struct Binary {
  enum class Kind : std::uint8_t { add, mul };
  Kind kind = Kind::add;
  Activation activation = Activation::none;
};

struct Pad {
  std::vector<std::int32_t> before, after;  ///< One per dimension; filled with zero (the zero point).
};

struct Reshape {};

struct Softmax {
  float beta = 1;
};

/// Element-wise function of one input.
struct Unary {
  enum class Kind : std::uint8_t { relu, relu6, logistic, tanh };
  Kind kind = Kind::relu;
};

struct Concatenation {
  std::int32_t axis = 0;  ///< Non-negative.
  Activation activation = Activation::none;
};

struct Transpose {
  std::vector<std::int32_t> permutation;
};

struct ResizeNearestNeighbor {
  bool align_corners = false;
  bool half_pixel_centers = false;
};

/// To int8 from float32, from another int8 scale or from uint8; to uint8 from int8. uint8 appears nowhere
/// else: it is the type of a network's border only.
struct Quantize {};
struct Dequantize {};  ///< From int8 to float32.

using Attributes =
    std::variant<Conv2D, DepthwiseConv2D, FullyConnected, Pool2D, Mean, Binary, Pad, Reshape, Softmax, Unary,
                 Concatenation, Transpose, ResizeNearestNeighbor, Quantize, Dequantize>;

struct Node {
  std::string name;  ///< Of the output tensor, or what the format has.
  std::string op;    ///< The operator as the model's format calls it: "CONV_2D".
  Attributes attributes;
  /// Operands in the format's order; kNoTensor for an omitted one (a missing bias). Constant operands that
  /// have become attributes (axes, pads, shapes) are not listed. Convolutions and FULLY_CONNECTED always have
  /// three: activations, constant weights, constant bias or kNoTensor.
  std::vector<TensorId> inputs;
  std::vector<TensorId> outputs;
};

struct Graph {
  std::string name;
  std::vector<Tensor> tensors;
  std::vector<Node> nodes;  ///< In execution order.
  std::vector<TensorId> inputs;
  std::vector<TensorId> outputs;

  const Tensor& tensor(TensorId id) const { return tensors[static_cast<std::size_t>(id)]; }
};

/// Multiply-accumulates and what counts as such, by the rules that reproduce ST's published reports: bias
/// once per output channel, padding taps counted, softmax 15 per element; macc.cpp has the whole list.
std::uint64_t macc(const Graph& graph, const Node& node);

}  // namespace mcusim::codegen
