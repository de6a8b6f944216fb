#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "codegen/graph/graph.h"
#include "tests/codegen/support/host_network.h"

namespace mcusim::codegen::testing {

/// One inference of a reference: the bytes of each input and of each output.
struct GoldenSample {
  std::vector<Bytes> inputs;
  std::vector<Bytes> outputs;
};

/// The samples of a .golden file (tests/reference/make_op_goldens.py says what it is).
std::vector<GoldenSample> read_golden(const std::filesystem::path& path, const Graph& graph);

/// The samples of a network's golden file, which holds outputs only: the inputs come from the integer
/// sequence that tests/reference/make_network_goldens.py documents.
std::vector<GoldenSample> read_network_golden(const std::filesystem::path& path, const Graph& graph);

/// Empty when `actual` is what `expected` asks for: the same bytes, for float32 every element within 1e-5 of
/// the tensor's largest magnitude. Else the first difference in words.
std::string difference(const Tensor& tensor, const Bytes& expected, const Bytes& actual);

}  // namespace mcusim::codegen::testing
