#include "codegen/emit/signature.h"

#include <fmt/format.h>

#include <bit>
#include <concepts>
#include <string_view>

namespace mcusim::codegen {
namespace {

/// Everything is fed as 64-bit numbers and each list with its length, so that neighbours cannot be confused.
class Digest {
 public:
  std::uint64_t value() const { return value_; }

  template <typename T>
  requires std::integral<T> || std::is_enum_v<T>
  void add(T number) {
    auto bits = static_cast<std::uint64_t>(number);
    for (int i = 0; i < 8; ++i, bits >>= 8) byte(static_cast<std::uint8_t>(bits));
  }
  void add(float number) { add(std::bit_cast<std::uint32_t>(number)); }
  void add(std::string_view text) {
    add(text.size());
    for (const char c : text) byte(static_cast<std::uint8_t>(c));
  }
  void add(const std::vector<std::uint8_t>& bytes) {
    add(bytes.size());
    for (const std::uint8_t b : bytes) byte(b);
  }
  template <typename T>
  void add(const std::vector<T>& list) {
    add(list.size());
    for (const T& item : list) add(item);
  }

  void add(const Padding& p) { all(p.top, p.bottom, p.left, p.right); }
  void add(const Conv2D& a) {
    all(a.stride_h, a.stride_w, a.dilation_h, a.dilation_w, a.padding, a.activation);
  }
  void add(const DepthwiseConv2D& a) {
    all(a.stride_h, a.stride_w, a.dilation_h, a.dilation_w, a.multiplier, a.padding, a.activation);
  }
  void add(const FullyConnected& a) { all(a.activation); }
  void add(const Pool2D& a) {
    all(a.kind, a.filter_h, a.filter_w, a.stride_h, a.stride_w, a.padding, a.activation);
  }
  void add(const Mean& a) { all(a.axes, a.keep_dims); }
  void add(const Binary& a) { all(a.kind, a.activation); }
  void add(const Pad& a) { all(a.before, a.after); }
  void add(const Reshape&) {}
  void add(const Softmax& a) { all(a.beta); }
  void add(const Unary& a) { all(a.kind); }
  void add(const Concatenation& a) { all(a.axis, a.activation); }
  void add(const Transpose& a) { all(a.permutation); }
  void add(const ResizeNearestNeighbor& a) { all(a.align_corners, a.half_pixel_centers); }
  void add(const Quantize&) {}
  void add(const Dequantize&) {}

 private:
  void byte(std::uint8_t b) { value_ = (value_ ^ b) * 0x100000001b3u; }
  template <typename... T>
  void all(const T&... members) {
    (add(members), ...);
  }

  std::uint64_t value_ = 0xcbf29ce484222325u;
};

}  // namespace

std::string signature(const Graph& graph) {
  Digest digest;
  digest.add(graph.tensors.size());
  for (const Tensor& tensor : graph.tensors) {
    digest.add(tensor.type);
    digest.add(tensor.shape);
    digest.add(tensor.data);
    const Quantization quantization = tensor.quantization.value_or(Quantization{});
    digest.add(quantization.scales);
    digest.add(quantization.zero_points);
    digest.add(quantization.axis);
  }
  digest.add(graph.nodes.size());
  for (const Node& node : graph.nodes) {
    digest.add(node.attributes.index());
    std::visit([&digest](const auto& attributes) { digest.add(attributes); }, node.attributes);
    digest.add(node.inputs);
    digest.add(node.outputs);
  }
  digest.add(graph.inputs);
  digest.add(graph.outputs);
  return fmt::format("{:016x}", digest.value());
}

}  // namespace mcusim::codegen
