#include <gtest/gtest.h>

#include "profiled_run.h"

// programs/libraries.c: two inferences of two convolutions of 10 and 20 rounds, and one layer of 30.
namespace mcusim::profiler {
namespace {

constexpr std::uint64_t kPerRound = 2 * 2;  ///< Instructions: of the loop, in both inferences.

class LibraryLayers : public testing::Test {
 protected:
  const Profile& run(const std::string& library) {
    const emulator::Image image =
        emulator::load_image(MCUSIM_TEST_PROGRAMS "/network_of_" + library + ".elf");
    profile_ = profile_of(image, "table");
    EXPECT_EQ(profile_.stop.reason, emulator::StopReason::self_branch) << profile_.stop.detail;
    expect_exact_sums(profile_);
    return profile_;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const LayerProfile& entry : profile_.layers) all.push_back(entry.layer.name);
    return all;
  }
  /// The convolutions are the same code, `per_round` loops of different length in it.
  void expect_two_convolutions(std::uint64_t per_round) const {
    ASSERT_EQ(profile_.layers.size(), 3u);
    EXPECT_EQ(profile_.layers[1].instructions - profile_.layers[0].instructions, 10 * per_round * kPerRound);
    EXPECT_GT(profile_.layers[0].instructions, 10 * kPerRound);
  }
  void expect_layers_are_calls_of(const std::vector<std::string>& functions) const {
    Cycles layers = 0, called = 0;
    for (const LayerProfile& entry : profile_.layers) layers += entry.cycles;
    for (const std::string& name : functions) called += function(profile_, name).total_cycles;
    EXPECT_EQ(layers, called);
  }

  Profile profile_;
};

using Names = std::vector<std::string>;

TEST_F(LibraryLayers, OfXCubeAiAreItsLayerObjects) {
  const Profile& profile = run("x_cube_ai");
  EXPECT_EQ(names(), (Names{"conv2d_0_layer", "conv2d_2_layer", "gemm_3_layer"}));
  expect_two_convolutions(2);
  EXPECT_EQ(profile.layers[0].layer.op, "forward_conv2d_if32of32wf32_nl_pool");
  EXPECT_EQ(profile.layers[2].layer.index, 2);
  expect_layers_are_calls_of({"forward_conv2d_if32of32wf32_nl_pool", "forward_dense"});
}

TEST_F(LibraryLayers, OfStEdgeAiAreItsCalls) {
  run("st_edge_ai");
  EXPECT_EQ(names(), (Names{"forward_lite_conv2d_sssa8_ch", "forward_lite_conv2d_sssa8_ch",
                            "forward_lite_dense_is8os8ws8"}));
  expect_two_convolutions(1);
  expect_layers_are_calls_of({"forward_lite_conv2d_sssa8_ch", "forward_lite_dense_is8os8ws8"});
}

TEST_F(LibraryLayers, OfTensorFlowLiteMicroAreItsNodesWithTheKernelsInsideThem) {
  const std::string conv = "_ZN6tflite12_GLOBAL__N_18ConvEvalEP13TfLiteContextP10TfLiteNode",
                    dense = "_ZN6tflite12_GLOBAL__N_118FullyConnectedEvalEP13TfLiteContextP10TfLiteNode";
  const Profile& profile = run("tflm");
  EXPECT_EQ(names(), (Names{conv, conv, dense}));
  EXPECT_EQ(profile.layers[0].layer.op, "TensorFlow Lite for Microcontrollers");
  expect_two_convolutions(1);
  expect_layers_are_calls_of({conv, dense});
}

TEST_F(LibraryLayers, OfCmsisNnAreTheCallsFromOutsideOfIt) {
  run("cmsis_nn");
  EXPECT_EQ(names(), (Names{"arm_convolve_wrapper_s8", "arm_convolve_wrapper_s8", "arm_fully_connected_s8"}));
  expect_two_convolutions(1);
  expect_layers_are_calls_of({"arm_convolve_wrapper_s8", "arm_fully_connected_s8"});
}

}  // namespace
}  // namespace mcusim::profiler
