// Small networks for every operator and attribute: the graph must tell what TensorFlow tells about the file.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "codegen/import/import.h"
#include "common/error.h"

namespace mcusim::codegen {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const fs::path kFolder = fs::path(MCUSIM_SOURCE_DIR) / "tests/reference/import";

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".tflite") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Json read_json(const fs::path& path) {
  std::ifstream stream(path);
  return Json::parse(stream);
}

std::string fnv1a(const std::vector<std::uint8_t>& data) {
  std::uint64_t value = 0xCBF29CE484222325;
  for (const std::uint8_t byte : data) value = (value ^ byte) * 0x100000001B3;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

const char* name_of(Activation activation) {
  switch (activation) {
    case Activation::none:
      return "none";
    case Activation::relu:
      return "relu";
    case Activation::relu6:
      return "relu6";
    case Activation::relu_n1_to_1:
      return "relu_n1_to_1";
  }
  return "?";
}

Json json_of(const Padding& padding) { return {padding.top, padding.bottom, padding.left, padding.right}; }

/// Attributes with the names and order that the script writes.
struct AttributesJson {
  template <typename Conv>
  static Json convolution(const Conv& conv) {
    return {{"stride", {conv.stride_h, conv.stride_w}},
            {"dilation", {conv.dilation_h, conv.dilation_w}},
            {"padding", json_of(conv.padding)},
            {"activation", name_of(conv.activation)}};
  }
  Json operator()(const Conv2D& conv) const { return convolution(conv); }
  Json operator()(const DepthwiseConv2D& conv) const {
    Json json = convolution(conv);
    json["multiplier"] = conv.multiplier;
    return json;
  }
  Json operator()(const FullyConnected& dense) const { return {{"activation", name_of(dense.activation)}}; }
  Json operator()(const Pool2D& pool) const {
    return {{"filter", {pool.filter_h, pool.filter_w}},
            {"stride", {pool.stride_h, pool.stride_w}},
            {"padding", json_of(pool.padding)},
            {"activation", name_of(pool.activation)}};
  }
  Json operator()(const Mean& mean) const { return {{"axes", mean.axes}, {"keep_dims", mean.keep_dims}}; }
  Json operator()(const Binary& binary) const { return {{"activation", name_of(binary.activation)}}; }
  Json operator()(const Pad& pad) const { return {{"before", pad.before}, {"after", pad.after}}; }
  Json operator()(const Softmax& softmax) const { return {{"beta", softmax.beta}}; }
  Json operator()(const Concatenation& concatenation) const {
    return {{"axis", concatenation.axis}, {"activation", name_of(concatenation.activation)}};
  }
  Json operator()(const Transpose& transpose) const { return {{"permutation", transpose.permutation}}; }
  Json operator()(const ResizeNearestNeighbor& resize) const {
    return {{"align_corners", resize.align_corners}, {"half_pixel_centers", resize.half_pixel_centers}};
  }
  Json operator()(const Reshape&) const { return Json::object(); }
  Json operator()(const Unary&) const { return Json::object(); }
  Json operator()(const Quantize&) const { return Json::object(); }
  Json operator()(const Dequantize&) const { return Json::object(); }
};

Json json_of(const Graph& graph) {
  const auto names = [&graph](const std::vector<TensorId>& ids) {
    Json list = Json::array();
    for (const TensorId id : ids) list.push_back(id == kNoTensor ? Json() : Json(graph.tensor(id).name));
    return list;
  };
  Json json = {{"inputs", names(graph.inputs)}, {"outputs", names(graph.outputs)}};
  for (const Tensor& tensor : graph.tensors) {
    Json& entry = json["tensors"][tensor.name];
    entry = {{"shape", tensor.shape}, {"type", mcusim::name_of(tensor.type)}};
    if (tensor.quantization) {
      entry["scales"] = tensor.quantization->scales;
      entry["zero_points"] = tensor.quantization->zero_points;
      if (tensor.quantization->per_channel()) entry["axis"] = tensor.quantization->axis;
    }
    if (tensor.is_constant()) entry["fnv1a"] = fnv1a(tensor.data);
  }
  for (const Node& node : graph.nodes) {
    json["nodes"].push_back({{"op", node.op},
                             {"inputs", names(node.inputs)},
                             {"outputs", names(node.outputs)},
                             {"attributes", std::visit(AttributesJson{}, node.attributes)}});
  }
  return json;
}

class Sample : public testing::TestWithParam<std::string> {};

TEST_P(Sample, ImportsAsTensorFlowReadsIt) {
  const Graph graph = import_model(kFolder / (GetParam() + ".tflite"));
  const Json expected = read_json(kFolder / (GetParam() + ".json"));
  const Json actual = json_of(graph);
  EXPECT_EQ(actual, expected) << "differences (value: what the graph has): "
                              << Json::diff(expected, actual).dump(1);
  EXPECT_EQ(graph.name, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Import, Sample, testing::ValuesIn(names_in(kFolder)),
                         [](const auto& sample) { return sample.param; });

TEST(Samples, CoverEveryOperator) {
  std::set<std::string> seen;
  for (const std::string& name : names_in(kFolder)) {
    const Json description = read_json(kFolder / (name + ".json"));
    for (const Json& node : description["nodes"]) seen.insert(node["op"]);
  }
  try {
    import_model(kFolder / "refused/leaky_relu.tflite");
    FAIL() << "imported";
  } catch (const InputError& error) {
    // The message lists what is supported, in alphabetical order.
    std::string list;
    for (const std::string& op : seen) list += (list.empty() ? "" : ", ") + op;
    const std::string text = error.what();
    EXPECT_NE(text.find("is not supported; supported are " + list), std::string::npos)
        << text << "\nthe samples have: " << list;
  }
}

class Refused : public testing::TestWithParam<std::string> {};

TEST_P(Refused, EndsInOneLineThatNamesTheFault) {
  const fs::path path = kFolder / "refused" / (GetParam() + ".tflite");
  const std::string expected = read_json(kFolder / "refused/expected.json").at(GetParam());
  try {
    import_model(path);
    FAIL() << "imported";
  } catch (const InputError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find(expected), std::string::npos) << text << "\nshould say: " << expected;
    EXPECT_EQ(text.find(path.string() + ": "), 0u) << text;
    EXPECT_NE(text.find("; "), std::string::npos) << "no remedy: " << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Import, Refused, testing::ValuesIn(names_in(kFolder / "refused")),
                         [](const auto& sample) { return sample.param; });

}  // namespace
}  // namespace mcusim::codegen
