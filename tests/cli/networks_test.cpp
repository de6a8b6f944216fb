// The whole way: a model goes in, the firmware built from it executes in the emulator, and the outputs equal
// what TensorFlow Lite's reference kernels answered to the same inputs (tests/reference/networks).
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "codegen/import/import.h"
#include "command.h"
#include "common/files.h"
#include "common/npy.h"
#include "tests/codegen/support/golden.h"

namespace mcusim::test {
namespace {

namespace fs = std::filesystem;
using codegen::Graph;
using codegen::Tensor;
using codegen::testing::GoldenSample;

const fs::path kGoldens = fs::path(MCUSIM_SOURCE_DIR) / "tests/reference/networks";

/// Public networks that this version cannot run on an STM32H743, and why: a part of the message of status 2.
const std::map<std::string, std::string> kRefused = {
    {"mlperf_tiny/kws_ref_model_float32.tflite", "dynamic-range quantisation"},
    {"tflite_micro/dtln_noise_suppression.tflite", "operator UNIDIRECTIONAL_SEQUENCE_LSTM"},
    {"tflite_micro/keyword_scrambled.tflite", "operator SVDF"},
    {"tflite_micro/keyword_scrambled_8bit.tflite", "operator SVDF"},
    {"tflite_micro/trained_lstm.tflite", "operator UNIDIRECTIONAL_SEQUENCE_LSTM"},
    {"tflite_micro/trained_lstm_int8.tflite", "operator UNIDIRECTIONAL_SEQUENCE_LSTM"},
    {"tinyengine_mcunet/mcunetv2_large.tflite", "needs"},
};

/// All samples of each tensor behind one another, with a leading axis for them.
std::vector<NpyArray> stacked(const Graph& graph, const std::vector<codegen::TensorId>& ids,
                              const std::vector<GoldenSample>& samples,
                              std::vector<codegen::testing::Bytes> GoldenSample::*part) {
  std::vector<NpyArray> arrays;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Tensor& tensor = graph.tensor(ids[i]);
    NpyArray array{tensor.type, tensor.shape, {}};
    array.shape.insert(array.shape.begin(), static_cast<std::int64_t>(samples.size()));
    for (const GoldenSample& sample : samples) {
      const auto& bytes = (sample.*part)[i];
      array.bytes.insert(array.bytes.end(), bytes.begin(), bytes.end());
    }
    arrays.push_back(std::move(array));
  }
  return arrays;
}

void expect_equal(const fs::path& model, const fs::path& golden, const std::string& mcu) {
  const Graph graph = codegen::import_model(model);
  const std::vector<GoldenSample> samples = codegen::testing::read_network_golden(golden, graph);
  const auto inputs = stacked(graph, graph.inputs, samples, &GoldenSample::inputs);
  const auto expected = stacked(graph, graph.outputs, samples, &GoldenSample::outputs);
  const TemporaryDirectory folder;
  std::vector<std::string> command{"run", model, "--mcu", mcu};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string file = "in" + std::to_string(i) + ".npy";
    write_file(folder.path() / file, to_npy(inputs[i]));
    command.insert(command.end(), {"--input", file});
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    command.insert(command.end(), {"--output", "out" + std::to_string(i) + ".npy"});
  }
  const Outcome outcome = mcusim(command, folder.path());
  ASSERT_EQ(outcome.status, 0) << outcome.output << outcome.errors;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const NpyArray actual = read_npy(folder.path() / ("out" + std::to_string(i) + ".npy"));
    Tensor tensor = graph.tensor(graph.outputs[i]);
    tensor.shape = expected[i].shape;
    EXPECT_EQ(codegen::testing::difference(tensor, expected[i].bytes, actual.bytes), "") << "output " << i;
  }
}

std::vector<std::string> files_below(const fs::path& folder, const std::string& extension) {
  std::vector<std::string> names;
  if (!fs::exists(folder)) return names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == extension) names.push_back(entry.path().lexically_relative(folder));
  }
  std::ranges::sort(names);
  return names;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& file) {
  std::string name = file.param;
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

class Examples : public ::testing::TestWithParam<std::string> {};

TEST_P(Examples, AnswerOnAnM7AsTensorFlowLiteDoes) {
  const fs::path golden = (kGoldens / "examples" / GetParam()).replace_extension(".golden");
  expect_equal(fs::path(MCUSIM_SOURCE_DIR) / "examples" / GetParam(), golden, "stm32h743");
}

TEST_P(Examples, AnswerOnAnM4AsTensorFlowLiteDoes) {
  const fs::path golden = (kGoldens / "examples" / GetParam()).replace_extension(".golden");
  expect_equal(fs::path(MCUSIM_SOURCE_DIR) / "examples" / GetParam(), golden, "stm32l4r5");
}

// Big-endian, another compiler, and our own mathematics.
TEST_P(Examples, AnswerOnAnE200AsTensorFlowLiteDoes) {
  const fs::path golden = (kGoldens / "examples" / GetParam()).replace_extension(".golden");
  expect_equal(fs::path(MCUSIM_SOURCE_DIR) / "examples" / GetParam(), golden, "spc58ec80");
}

INSTANTIATE_TEST_SUITE_P(Networks, Examples,
                         ::testing::ValuesIn(files_below(fs::path(MCUSIM_SOURCE_DIR) / "examples",
                                                         ".tflite")),
                         test_name);

class PublicNetworks : public ::testing::TestWithParam<std::string> {};

TEST_P(PublicNetworks, AnswerAsTensorFlowLiteDoesOrAreRefusedForTheReasonNamedHere) {
  const fs::path model = fs::path(MCUSIM_MODELS_DIR) / GetParam();
  const auto refused = kRefused.find(GetParam());
  if (refused == kRefused.end()) {
    const fs::path golden = (kGoldens / "models" / GetParam()).replace_extension(".golden");
    ASSERT_TRUE(fs::exists(golden)) << "neither a golden file nor an entry in kRefused";
    return expect_equal(model, golden, "stm32h743");
  }
  const Outcome outcome = mcusim({"run", model, "--mcu", "stm32h743"});
  EXPECT_EQ(outcome.status, 2) << outcome.output << outcome.errors;
  EXPECT_EQ(std::ranges::count(outcome.errors, '\n'), 1) << outcome.errors;
  EXPECT_NE(outcome.errors.find(refused->second), std::string::npos) << outcome.errors;
}

class MlperfTiny : public ::testing::TestWithParam<std::string> {};

TEST_P(MlperfTiny, AnswersOnAnE200AsTensorFlowLiteDoes) {
  const std::string name = "mlperf_tiny/" + GetParam();
  if (kRefused.contains(name)) GTEST_SKIP() << name << " is refused for every MCU";
  expect_equal(fs::path(MCUSIM_MODELS_DIR) / name, (kGoldens / "models" / name).replace_extension(".golden"),
               "spc58ec80");
}

INSTANTIATE_TEST_SUITE_P(Tflite, MlperfTiny,
                         ::testing::ValuesIn(files_below(fs::path(MCUSIM_MODELS_DIR) / "mlperf_tiny",
                                                         ".tflite")),
                         test_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(MlperfTiny);

INSTANTIATE_TEST_SUITE_P(Tflite, PublicNetworks,
                         ::testing::ValuesIn(files_below(MCUSIM_MODELS_DIR, ".tflite")), test_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PublicNetworks);

TEST(OtherFormats, AreRefusedWithTheConversion) {
  if (!fs::exists(MCUSIM_MODELS_DIR))
    GTEST_SKIP() << MCUSIM_MODELS_DIR << " is not there; set MCUSIM_MODELS_DIR";
  for (const std::string extension : {".h5", ".onnx"}) {
    for (const std::string& file : files_below(MCUSIM_MODELS_DIR, extension)) {
      const Outcome outcome = mcusim({"run", fs::path(MCUSIM_MODELS_DIR) / file, "--mcu", "stm32h743"});
      EXPECT_EQ(outcome.status, 2) << file;
      EXPECT_NE(outcome.errors.find("tflite"), std::string::npos) << file << ": " << outcome.errors;
    }
  }
}

}  // namespace
}  // namespace mcusim::test
