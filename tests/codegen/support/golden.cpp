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

/// The bytes behind a golden file's first line, taken tensor by tensor.
class GoldenReader {
 public:
  GoldenReader(const std::filesystem::path& path, const Graph& graph)
      : path_(path), graph_(graph), file_(read_file(path)) {
    const auto line_end = std::find(file_.begin(), file_.end(), '\n');
    if (!std::string(file_.begin(), line_end).starts_with("mcusim golden, TensorFlow ") ||
        line_end == file_.end()) {
      throw std::runtime_error(path.string() + " is not a golden file");
    }
    at_ = line_end + 1;
    if (done()) throw std::runtime_error(path.string() + " has no samples");
  }

  bool done() const { return at_ == file_.end(); }

  std::vector<Bytes> take(const std::vector<TensorId>& ids) {
    std::vector<Bytes> tensors;
    for (const TensorId id : ids) {
      const auto size = static_cast<std::ptrdiff_t>(graph_.tensor(id).bytes());
      if (file_.end() - at_ < size) throw std::runtime_error(path_.string() + " is cut off");
      tensors.emplace_back(at_, at_ + size);
      at_ += size;
    }
    return tensors;
  }

 private:
  std::filesystem::path path_;
  const Graph& graph_;
  Bytes file_;
  Bytes::const_iterator at_;
};

std::uint8_t hash(std::uint32_t element, std::uint32_t tensor, std::uint32_t sample) {
  std::uint32_t h = element * 2654435761u + (sample * 131 + tensor * 17 + 1) * 0x85EBCA6Bu;
  h ^= h >> 15;
  h *= 0x2C1B3C6Du;
  h ^= h >> 12;
  return static_cast<std::uint8_t>(h >> 24);
}

Bytes network_input(const Tensor& tensor, std::uint32_t index, std::uint32_t sample) {
  Bytes bytes;
  for (std::uint32_t element = 0; element < tensor.elements(); ++element) {
    const std::uint8_t h = hash(element, index, sample);
    if (tensor.type == DataType::float32) {
      const float value = static_cast<float>(h) / 128 - 1;
      const auto* raw = reinterpret_cast<const std::uint8_t*>(&value);
      bytes.insert(bytes.end(), raw, raw + sizeof(value));
    } else {
      bytes.push_back(static_cast<std::uint8_t>(tensor.type == DataType::int8 ? h - 128 : h));
    }
  }
  return bytes;
}

}  // namespace

std::vector<GoldenSample> read_golden(const std::filesystem::path& path, const Graph& graph) {
  GoldenReader reader(path, graph);
  std::vector<GoldenSample> samples;
  while (!reader.done()) {
    GoldenSample& sample = samples.emplace_back();
    sample.inputs = reader.take(graph.inputs);
    sample.outputs = reader.take(graph.outputs);
  }
  return samples;
}

std::vector<GoldenSample> read_network_golden(const std::filesystem::path& path, const Graph& graph) {
  GoldenReader reader(path, graph);
  std::vector<GoldenSample> samples;
  while (!reader.done()) {
    const auto number = static_cast<std::uint32_t>(samples.size());
    GoldenSample& sample = samples.emplace_back();
    for (std::uint32_t i = 0; i < graph.inputs.size(); ++i) {
      sample.inputs.push_back(network_input(graph.tensor(graph.inputs[i]), i, number));
    }
    sample.outputs = reader.take(graph.outputs);
  }
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
