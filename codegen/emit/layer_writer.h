#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codegen/emit/constants.h"
#include "codegen/graph/graph.h"
#include "codegen/plan/memory_plan.h"

namespace mcusim::codegen {

/// Members of a C struct in order: name and value, both C text.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Writes the body of one layer's function: parameter structs, then one or more calls of kernels.
class LayerWriter {
 public:
  LayerWriter(const Graph& graph, const MemoryPlan& plan, const Node& node, std::string prefix, int layer,
              Constants& constants, std::set<std::string>& functions)
      : graph_(graph),
        plan_(plan),
        node_(node),
        prefix_(std::move(prefix)),
        layer_(layer),
        constants_(constants),
        functions_(functions) {}

  std::size_t input_count() const { return node_.inputs.size(); }
  bool has_input(std::size_t index) const;
  const Tensor& input(std::size_t index) const { return graph_.tensor(node_.inputs[index]); }
  const Tensor& output() const { return graph_.tensor(node_.outputs[0]); }
  /// Scale and zero point of an int8 tensor. Throws InputError when the tensor has none.
  const Quantization& quantization(const Tensor& tensor) const;

  /// C expressions for the operands; a missing operand is NULL.
  std::string input_pointer(std::size_t index) const;
  std::string output_pointer(std::int64_t byte_offset = 0) const;

  /// A constant array of this layer; returns its symbol.
  template <typename T>
  std::string constant(std::string_view name, std::string_view comment, const T& values) {
    return constants_.add("layer_" + std::to_string(layer_) + "_" + std::string(name), comment,
                          std::span(values));
  }

  void declare_struct(std::string_view type, std::string_view name, const Fields& fields);
  void call(std::string_view function, const std::vector<std::string>& arguments);

  /// Throws InputError: the operator cannot be computed in this form.
  [[noreturn]] void unsupported(std::string_view fault_and_remedy) const;

  const std::string& body() const { return body_; }

 private:
  std::string arena_pointer(TensorId id, std::int64_t byte_offset, std::string_view qualifier) const;

  const Graph& graph_;
  const MemoryPlan& plan_;
  const Node& node_;
  std::string prefix_;
  int layer_;
  Constants& constants_;
  std::set<std::string>& functions_;
  std::string body_;
};

/// "{1, 2, 3}".
std::string c_braces(std::span<const std::int64_t> values);

// One per operator, in the files named after the kernels' families.
void write_layer(LayerWriter& layer, const Conv2D& conv);
void write_layer(LayerWriter& layer, const DepthwiseConv2D& conv);
void write_layer(LayerWriter& layer, const FullyConnected& dense);
void write_layer(LayerWriter& layer, const Pool2D& pool);
void write_layer(LayerWriter& layer, const Mean& mean);
void write_layer(LayerWriter& layer, const Binary& binary);
void write_layer(LayerWriter& layer, const Pad& pad);
void write_layer(LayerWriter& layer, const Reshape& reshape);
void write_layer(LayerWriter& layer, const Softmax& softmax);
void write_layer(LayerWriter& layer, const Unary& unary);
void write_layer(LayerWriter& layer, const Concatenation& concatenation);
void write_layer(LayerWriter& layer, const Transpose& transpose);
void write_layer(LayerWriter& layer, const ResizeNearestNeighbor& resize);
void write_layer(LayerWriter& layer, const Quantize& quantize);
void write_layer(LayerWriter& layer, const Dequantize& dequantize);

/// The range of a fused activation as a mcusim_range_f32; declared under the name "range".
void declare_range(LayerWriter& layer, Activation activation);

}  // namespace mcusim::codegen
