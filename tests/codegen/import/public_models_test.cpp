// The public networks of MCUSIM_MODELS_DIR: what imports, what is refused and why, and their counts.

#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <string>

#include "codegen/graph/check.h"
#include "codegen/import/import.h"
#include "codegen/plan/memory_plan.h"
#include "common/error.h"

namespace mcusim::codegen {
namespace {

namespace fs = std::filesystem;

struct Expectation {
  /// Multiply-accumulates of convolutions and dense layers without bias, as the folder's MODELS.md gives
  /// them, counted there by a reader of its own. 0: refused.
  std::uint64_t macs;
  std::string error;  ///< Part of the message.
};

const std::map<std::string, Expectation> kModels = {
    {"ad01_int8.tflite", {264'192, ""}},
    {"ad01_fp32.tflite", {264'192, ""}},
    {"pretrainedResnet_quant.tflite", {12'501'632, ""}},
    {"pretrainedResnet.tflite", {12'501'632, ""}},
    {"kws_ref_model.tflite", {2'656'768, ""}},
    {"kws_ref_model_float32.tflite", {0, "dynamic-range quantisation"}},
    {"vww_96_int8.tflite", {7'489'664, ""}},
    {"vww_96_float.tflite", {7'489'664, ""}},
    {"str_ww_ref_model.tflite", {826'368, ""}},
    {"esc10__miniresnet_1stacks_64x50_tl_int8.tflite", {7'361'536, ""}},
    {"esc10__miniresnet_2stacks_64x50_tl_int8.tflite", {12'589'056, ""}},
    {"esc10__miniresnetv2_1stacks_64x50_tl_int8.tflite", {14'832'640, ""}},
    {"esc10__miniresnetv2_2stacks_64x50_tl_int8.tflite", {27'269'120, ""}},
    {"esc10__yamnet_256_64x96_tl_int8.tflite", {23'902'720, ""}},
    {"vww.tflite", {11'578'816, ""}},
    {"detection.tflite", {18'296'320, ""}},
    {"mcunetv2_large.tflite", {216'815'264, ""}},
    {"person_detect.tflite", {7'157'888, ""}},
    {"micro_speech_quantized.tflite", {336'000, ""}},
    {"hello_world_int8.tflite", {288, ""}},
    {"hello_world_float.tflite", {288, ""}},
    {"keyword_scrambled_8bit.tflite", {0, "operator SVDF of tensor"}},
    {"keyword_scrambled.tflite", {0, "operator SVDF of tensor"}},
    {"trained_lstm_int8.tflite", {0, "operator UNIDIRECTIONAL_SEQUENCE_LSTM of tensor"}},
    {"trained_lstm.tflite", {0, "operator UNIDIRECTIONAL_SEQUENCE_LSTM of tensor"}},
    {"dtln_noise_suppression.tflite", {0, "operator UNIDIRECTIONAL_SEQUENCE_LSTM of tensor"}},
};

std::vector<fs::path> files(const std::string& extension) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(MCUSIM_MODELS_DIR)) {
    if (entry.path().extension() == extension) found.push_back(entry.path());
  }
  return found;
}

class PublicModels : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::is_directory(MCUSIM_MODELS_DIR)) GTEST_SKIP() << "no public models in " << MCUSIM_MODELS_DIR;
  }
};

std::uint64_t multiplications(const Graph& graph, const Node& node) {
  const bool has_bias = node.inputs.size() == 3 && node.inputs[2] != kNoTensor;
  const auto bias = has_bias ? static_cast<std::uint64_t>(graph.tensor(node.inputs[2]).elements()) : 0;
  const bool counts = std::holds_alternative<Conv2D>(node.attributes) ||
                      std::holds_alternative<DepthwiseConv2D>(node.attributes) ||
                      std::holds_alternative<FullyConnected>(node.attributes);
  return counts ? macc(graph, node) - bias : 0;
}

TEST_F(PublicModels, ImportWithThePublishedCountsOrAreRefusedForTheNamedReason) {
  for (const fs::path& path : files(".tflite")) {
    const auto expected = kModels.find(path.filename().string());
    if (expected == kModels.end()) {
      ADD_FAILURE() << path << " has no expectation in this test";
      continue;
    }
    try {
      const Graph graph = import_model(path);
      std::uint64_t macs = 0;
      for (const Node& node : graph.nodes) macs += multiplications(graph, node);
      EXPECT_EQ(macs, expected->second.macs) << path;
      EXPECT_EQ(expected->second.error, "") << path << " imported";
    } catch (const InputError& error) {
      const std::string text = error.what();
      EXPECT_FALSE(expected->second.error.empty()) << text;
      EXPECT_NE(text.find(expected->second.error), std::string::npos) << text;
      EXPECT_EQ(text.find(path.string() + ": "), 0u) << text;
      EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    }
  }
}

TEST_F(PublicModels, ArenasAreNearTheLowerBound) {
  for (const fs::path& path : files(".tflite")) {
    if (kModels.at(path.filename().string()).macs == 0) continue;
    const Graph graph = import_model(path);
    const std::size_t arena = plan_memory(graph).arena_bytes;
    const std::size_t bound = arena_lower_bound(graph);
    std::cout << path.filename().string() << ": arena " << arena << ", lower bound " << bound << "\n";
    EXPECT_GE(arena, bound) << path;
    // The planner reaches the bound on all of these; a per cent more means that it got worse.
    EXPECT_LE(arena, bound + bound / 100) << path;
  }
}

TEST_F(PublicModels, OtherFormatsAreNamedWithTheirConversion) {
  for (const fs::path& path : files(".h5")) {
    try {
      import_model(path);
      ADD_FAILURE() << path << " imported";
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find("from_keras_model"), std::string::npos) << error.what();
    }
  }
  for (const fs::path& path : files(".onnx")) {
    try {
      import_model(path);
      ADD_FAILURE() << path << " imported";
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find("onnx2tf"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace mcusim::codegen
