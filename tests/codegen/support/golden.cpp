#include "tests/codegen/support/golden.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace mcusim::codegen::testing {
namespace {

constexpr float kFloatTolerance = 1e-5f;

std::vector<float> floats(const Bytes& bytes) {
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

std::string float_difference(const Bytes& expected_bytes, const Bytes& actual_bytes) {
  const std::vector<float> expected = floats(expected_bytes);
  const std::vector<float> actual = floats(actual_bytes);
  float largest = 0;
  for (const float value : expected) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const float error = std::abs(expected[i] - actual[i]);
    if (!(error <= kFloatTolerance * largest)) {
      return fmt::format("element {} is {}, expected {} (largest magnitude {})", i, actual[i], expected[i],
                         largest);
    }
  }
  return {};
}

}  // namespace

std::vector<GoldenSample> read_golden(const std::filesystem::path& path, const Graph& graph) {
  const Bytes file = read_file(path);
  auto at = std::find(file.begin(), file.end(), '\n');
  if (at == file.end() || !std::string(file.begin(), at).starts_with("mcusim golden, TensorFlow ")) {
    throw std::runtime_error(path.string() + " is not a golden file");
  }
  ++at;
  std::vector<GoldenSample> samples;
  const auto take = [&](const std::vector<TensorId>& ids, std::vector<Bytes>& tensors) {
    for (const TensorId id : ids) {
      const auto size = static_cast<std::ptrdiff_t>(graph.tensor(id).bytes());
      if (file.end() - at < size) throw std::runtime_error(path.string() + " is cut off");
      tensors.emplace_back(at, at + size);
      at += size;
    }
  };
  while (at != file.end()) {
    GoldenSample& sample = samples.emplace_back();
    take(graph.inputs, sample.inputs);
    take(graph.outputs, sample.outputs);
  }
  if (samples.empty()) throw std::runtime_error(path.string() + " has no samples");
  return samples;
}

std::string difference(const Tensor& tensor, const Bytes& expected, const Bytes& actual) {
  if (expected.size() != actual.size())
    return fmt::format("{} bytes, expected {}", actual.size(), expected.size());
  if (tensor.type == DataType::float32) return float_difference(expected, actual);
  const auto [e, a] = std::mismatch(expected.begin(), expected.end(), actual.begin());
  if (e == expected.end()) return {};
  const auto count = static_cast<int>(size_of(tensor.type));
  std::int64_t wrong = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) wrong += expected[i] != actual[i];
  return fmt::format("byte {} is {}, expected {} ({} of {} bytes differ, {} per element)",
                     e - expected.begin(), static_cast<int>(static_cast<std::int8_t>(*a)),
                     static_cast<int>(static_cast<std::int8_t>(*e)), wrong, expected.size(), count);
}

}  // namespace mcusim::codegen::testing
