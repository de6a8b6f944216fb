// Whole networks, imported, planned, emitted, compiled by the host and compared with TensorFlow Lite's
// reference kernels: the memory plan and the chain of layers, not single kernels.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "codegen/import/import.h"
#include "codegen/plan/memory_plan.h"
#include "tests/codegen/support/golden.h"
#include "tests/codegen/support/host_network.h"

namespace mcusim::codegen::testing {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = MCUSIM_SOURCE_DIR;
const fs::path kGoldens = kSource / "tests/reference/networks";

/// Golden files below `folder`, relative to it.
std::vector<std::string> goldens_in(const fs::path& folder) {
  std::vector<std::string> names;
  if (!fs::exists(folder)) return names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".golden")
      names.push_back(entry.path().lexically_relative(folder).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void expect_equal(const fs::path& model, const fs::path& golden) {
  const Graph graph = import_model(model);
  const HostNetwork network = HostCompiler().compile(emit_c(graph, plan_memory(graph)));
  const std::vector<GoldenSample> samples = read_network_golden(golden, graph);
  for (std::size_t s = 0; s < samples.size(); ++s) {
    const std::vector<Bytes> outputs = network.run(samples[s].inputs);
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      EXPECT_EQ(difference(graph.tensor(graph.outputs[o]), samples[s].outputs[o], outputs[o]), "")
          << model << ", sample " << s << ", output " << o;
    }
  }
}

std::string test_name(const ::testing::TestParamInfo<std::string>& golden) {
  std::string name = fs::path(golden.param).replace_extension().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

class PublicNetworks : public ::testing::TestWithParam<std::string> {};

TEST_P(PublicNetworks, EqualTensorFlowLiteReferenceKernels) {
  const fs::path model = (fs::path(MCUSIM_MODELS_DIR) / GetParam()).replace_extension(".tflite");
  if (!fs::exists(model)) GTEST_SKIP() << model << " is not there; set MCUSIM_MODELS_DIR";
  expect_equal(model, kGoldens / "models" / GetParam());
}

INSTANTIATE_TEST_SUITE_P(Models, PublicNetworks, ::testing::ValuesIn(goldens_in(kGoldens / "models")),
                         test_name);

class ExampleNetworks : public ::testing::TestWithParam<std::string> {};

TEST_P(ExampleNetworks, EqualTensorFlowLiteReferenceKernels) {
  const fs::path model = (kSource / "examples" / GetParam()).replace_extension(".tflite");
  expect_equal(model, kGoldens / "examples" / GetParam());
}

INSTANTIATE_TEST_SUITE_P(Examples, ExampleNetworks, ::testing::ValuesIn(goldens_in(kGoldens / "examples")),
                         test_name);
// There may be no example yet.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ExampleNetworks);

}  // namespace
}  // namespace mcusim::codegen::testing
