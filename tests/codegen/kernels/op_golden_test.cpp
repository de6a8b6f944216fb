// Every golden case of tests/reference/ops: imported, planned, emitted, compiled by the host, run and
// compared.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "codegen/import/import.h"
#include "codegen/plan/memory_plan.h"
#include "tests/codegen/support/golden.h"
#include "tests/codegen/support/host_network.h"

namespace mcusim::codegen::testing {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(MCUSIM_SOURCE_DIR) / "tests/reference/ops";

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".golden") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Cases whose name begins so are compiled together: one compiler run a family keeps the test short.
const std::vector<std::string> kFamilies = {
    "conv2d_s8", "conv2d_f32",    "depthwise", "fully_connected", "max_pool", "average_pool", "mean",
    "add",       "mul",           "softmax",   "logistic",        "tanh",     "relu",         "relu6",
    "pad",       "concatenation", "transpose", "resize_nearest",  "reshape",  "quantize",     "dequantize"};

class OperatorGoldens : public ::testing::TestWithParam<std::string> {};

TEST_P(OperatorGoldens, EqualTensorFlowLiteReferenceKernels) {
  std::vector<std::string> names;
  for (const std::string& name : case_names()) {
    if (name.starts_with(GetParam() + "_")) names.push_back(name);
  }
  ASSERT_FALSE(names.empty()) << "no golden files for " << GetParam();
  std::vector<Graph> graphs;
  std::vector<EmittedNetwork> networks;
  for (const std::string& name : names) {
    graphs.push_back(import_model(kFolder / (name + ".tflite")));
    networks.push_back(
        emit_c(graphs.back(), plan_memory(graphs.back()), {.prefix = fmt::format("case_{}", graphs.size())}));
  }
  const std::vector<HostNetwork> compiled = HostCompiler().compile(networks);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::vector<GoldenSample> samples = read_golden(kFolder / (names[i] + ".golden"), graphs[i]);
    for (std::size_t s = 0; s < samples.size(); ++s) {
      const std::vector<Bytes> outputs = compiled[i].run(samples[s].inputs);
      for (std::size_t o = 0; o < outputs.size(); ++o) {
        EXPECT_EQ(difference(graphs[i].tensor(graphs[i].outputs[o]), samples[s].outputs[o], outputs[o]), "")
            << names[i] << ", sample " << s << ", output " << o;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Families, OperatorGoldens, ::testing::ValuesIn(kFamilies),
                         [](const auto& family) { return family.param; });

TEST(OperatorGoldenFamilies, EachCaseBelongsToExactlyOne) {
  // A prefix missing above would silently leave cases out.
  for (const std::string& name : case_names()) {
    EXPECT_EQ(std::count_if(kFamilies.begin(), kFamilies.end(),
                            [&name](const std::string& family) { return name.starts_with(family + "_"); }),
              1)
        << name;
  }
}

}  // namespace
}  // namespace mcusim::codegen::testing
