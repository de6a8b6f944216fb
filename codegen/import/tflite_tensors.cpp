#include "codegen/import/tflite_tensors.h"

#include <fmt/format.h>

#include <cstring>

#include "codegen/graph/check.h"

namespace mcusim::codegen::tflite {
namespace {

std::optional<DataType> data_type(TensorType type) {
  switch (type) {
    case TensorType::FLOAT32:
      return DataType::float32;
    case TensorType::INT8:
      return DataType::int8;
    case TensorType::UINT8:
      return DataType::uint8;
    case TensorType::INT16:
      return DataType::int16;
    case TensorType::INT32:
      return DataType::int32;
    case TensorType::INT64:
      return DataType::int64;
    case TensorType::BOOL:
      return DataType::boolean;
    default:
      return std::nullopt;
  }
}

template <typename Integer>
std::vector<std::int64_t> widen(std::span<const std::uint8_t> data) {
  std::vector<std::int64_t> values;
  for (std::size_t at = 0; at + sizeof(Integer) <= data.size(); at += sizeof(Integer)) {
    Integer value;
    std::memcpy(&value, data.data() + at, sizeof value);
    values.push_back(value);
  }
  return values;
}

}  // namespace

TensorImporter::TensorImporter(const File& file, Graph& graph)
    : file_(file), graph_(graph), imported_(static_cast<std::size_t>(file.tensor_count()), kNoTensor) {}

void TensorImporter::claim(std::size_t bytes) {
  claimed_ += bytes;
  if (claimed_ > kLargestTensorSum) {
    file_.fail(fmt::format("its constants take more than {} MiB; use a network made for microcontrollers",
                           kLargestTensorSum >> 20));
  }
}

TensorId TensorImporter::import(int index) {
  if (index == -1) return kNoTensor;
  const Tensor& source = file_.tensor(index);
  TensorId& id = imported_[static_cast<std::size_t>(index)];
  if (id != kNoTensor) return id;

  codegen::Tensor tensor;
  tensor.name = file_.tensor_name(index);
  claim(tensor.name.size());
  const auto type = data_type(source.type());
  if (source.type() == TensorType::FLOAT16) {
    file_.fail(fmt::format(
        "tensor '{}' is FLOAT16: float16 models are not supported; convert to int8 or float32", tensor.name));
  }
  if (!type) {
    const std::string_view name = EnumNameTensorType(source.type());
    file_.fail(fmt::format(
        "tensor '{}' has the type {}, which is not supported; convert the model to int8 or float32",
        tensor.name, name.empty() ? "of an unknown number" : name));
  }
  if (source.is_variable() || source.sparsity() != nullptr) {
    file_.fail(fmt::format("tensor '{}' is {}, which is not supported; use a dense network without state",
                           tensor.name, source.is_variable() ? "a variable" : "sparse"));
  }
  tensor.type = *type;
  if (source.shape() != nullptr) {
    if (source.shape()->size() > kMostDimensions) {
      file_.fail(
          fmt::format("tensor '{}' has {} dimensions, at most {} are supported; reshape it in the model",
                      tensor.name, source.shape()->size(), kMostDimensions));
    }
    tensor.shape.assign(source.shape()->begin(), source.shape()->end());
  }
  tensor.quantization = quantization(source, index);
  const auto data = file_.data(index);
  claim(data.size());
  tensor.data.assign(data.begin(), data.end());

  id = static_cast<TensorId>(graph_.tensors.size());
  graph_.tensors.push_back(std::move(tensor));
  return id;
}

std::optional<Quantization> TensorImporter::quantization(const Tensor& tensor, int index) {
  const auto* source = tensor.quantization();
  // Float tensors may carry the range they were observed in; only scales mean that values are quantised.
  if (tensor.type() == TensorType::FLOAT32 || source == nullptr || source->scale() == nullptr ||
      source->scale()->size() == 0) {
    return std::nullopt;
  }
  if (source->zero_point() == nullptr || source->zero_point()->size() != source->scale()->size()) {
    file_.fail(fmt::format("tensor '{}' has not as many zero points as scales; quantise the model again",
                           file_.tensor_name(index)));
  }
  claim(source->scale()->size() * (sizeof(float) + sizeof(std::int64_t)));
  Quantization quantization;
  quantization.scales.assign(source->scale()->begin(), source->scale()->end());
  quantization.zero_points.assign(source->zero_point()->begin(), source->zero_point()->end());
  // Some files give a bias the dimension of its weights.
  const bool one_dimension = tensor.shape() != nullptr && tensor.shape()->size() == 1;
  quantization.axis = one_dimension ? 0 : source->quantized_dimension();
  return quantization;
}

std::vector<std::int64_t> TensorImporter::integers(int index, std::string_view what) const {
  const auto data = file_.data(index);
  const TensorType type = file_.tensor(index).type();
  if (type != TensorType::INT32 && type != TensorType::INT64) {
    file_.fail(fmt::format("the {} in '{}' are {}, not INT32 or INT64; convert it again", what,
                           file_.tensor_name(index), EnumNameTensorType(type)));
  }
  if (data.empty()) {
    file_.fail(
        fmt::format("the {} in '{}' are computed at run time, which is not supported; "
                    "convert it with fixed shapes and a batch of 1",
                    what, file_.tensor_name(index)));
  }
  // Such a tensor names dimensions, at most a pair of numbers for each.
  if (data.size() > 2 * kMostDimensions * sizeof(std::int64_t)) {
    file_.fail(fmt::format("'{}' holds more {} than any operand has dimensions; convert it again",
                           file_.tensor_name(index), what));
  }
  return type == TensorType::INT32 ? widen<std::int32_t>(data) : widen<std::int64_t>(data);
}

}  // namespace mcusim::codegen::tflite
