#include "codegen/import/tflite_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "codegen/graph/check.h"
#include "common/error.h"

namespace mcusim::codegen::tflite {
namespace {

// A table may be reached by many references; the limit is what keeps the verifier's time bounded. The format
// nests five deep; a network of kMostNodes operators has fewer tables.
constexpr flatbuffers::uoffset_t kDeepestTable = 16;
constexpr flatbuffers::uoffset_t kMostTables = 500'000;
constexpr std::uint32_t kFormatVersion = 3;
constexpr std::size_t kLongestName = 512;

}  // namespace

File::File(std::span<const std::uint8_t> bytes, std::string name) : name_(std::move(name)) {
  flatbuffers::Verifier verifier(bytes.data(), bytes.size(), kDeepestTable, kMostTables);
  if (!VerifyModelBuffer(verifier)) fail("damaged TensorFlow Lite file; copy or convert it again");
  model_ = GetModel(bytes.data());
  if (model_->version() != kFormatVersion) {
    fail(fmt::format(
        "version {} of the TensorFlow Lite format is not supported; convert it again to version {}",
        model_->version(), kFormatVersion));
  }
  const auto* subgraphs = model_->subgraphs();
  if (subgraphs == nullptr || subgraphs->size() == 0 || subgraphs->Get(0) == nullptr) {
    fail("the file holds no network; convert it again");
  }
  network_ = subgraphs->Get(0);
  if (network_->tensors() == nullptr || network_->operators() == nullptr) {
    fail("the network has no operators; convert a trained model");
  }
  if (network_->operators()->size() > kMostNodes || network_->tensors()->size() > kMostTensors) {
    fail(fmt::format(
        "{} operators and {} tensors are more than the {} and {} supported; use a smaller network",
        network_->operators()->size(), network_->tensors()->size(), kMostNodes, kMostTensors));
  }
}

const Tensor& File::tensor(int index) const {
  if (index < 0 || index >= tensor_count()) {
    fail(fmt::format("tensor {} does not exist, there are {}; convert it again", index, tensor_count()));
  }
  return *network_->tensors()->Get(static_cast<flatbuffers::uoffset_t>(index));
}

std::string File::tensor_name(int index) const {
  const auto* name = tensor(index).name();
  return name == nullptr
             ? fmt::format("tensor {}", index)
             : printable(std::string_view(name->c_str(), std::min<std::size_t>(name->size(), kLongestName)));
}

std::span<const std::uint8_t> File::data(int index) const {
  const std::uint32_t number = tensor(index).buffer();
  if (number == 0) return {};  // By convention the empty one; old files have no buffer at all then.
  const auto* buffers = model_->buffers();
  if (buffers == nullptr || number >= buffers->size()) {
    fail(fmt::format("tensor '{}' has data in buffer {}, which does not exist; convert it again",
                     tensor_name(index), number));
  }
  const Buffer& buffer = *buffers->Get(number);
  if (buffer.offset() > 1) {
    fail(fmt::format(
        "tensor '{}' has its data behind the FlatBuffer, which is not supported; convert a smaller model",
        tensor_name(index)));
  }
  return buffer.data() == nullptr ? std::span<const std::uint8_t>()
                                  : std::span(buffer.data()->data(), buffer.data()->size());
}

const OperatorCode& File::operator_code(const Operator& op) const {
  const auto* codes = model_->operator_codes();
  if (codes == nullptr || op.opcode_index() >= codes->size()) {
    fail(fmt::format("operator code {} does not exist; convert it again", op.opcode_index()));
  }
  return *codes->Get(op.opcode_index());
}

BuiltinOperator File::code(const Operator& op) const {
  const OperatorCode& code = operator_code(op);
  return std::max(code.builtin_code(), static_cast<BuiltinOperator>(code.deprecated_builtin_code()));
}

std::string File::operator_name(const Operator& op) const {
  const BuiltinOperator builtin = code(op);
  const auto* custom = operator_code(op).custom_code();
  if (builtin == BuiltinOperator::CUSTOM && custom != nullptr) {
    return fmt::format(
        "CUSTOM {}", printable(std::string_view(custom->c_str(), std::min<std::size_t>(custom->size(), 80))));
  }
  const std::string_view name = EnumNameBuiltinOperator(builtin);
  return name.empty() ? fmt::format("number {}", static_cast<int>(builtin)) : std::string(name);
}

void File::fail(std::string_view fault_and_remedy) const {
  throw InputError(fmt::format("{}: {}", name_, fault_and_remedy));
}

}  // namespace mcusim::codegen::tflite
