#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/graph/graph.h"
#include "tflite_generated.h"

namespace mcusim::codegen::tflite {

/// A .tflite file whose FlatBuffer structure was verified: offsets and lengths are sound, what they mean is
/// not. Keeps the bytes by reference.
class File {
 public:
  /// Throws InputError when the bytes are no such file or of another version of the format.
  File(std::span<const std::uint8_t> bytes, std::string name);

  /// The network: the file's first subgraph. Others belong to control flow, which is not supported.
  const SubGraph& network() const { return *network_; }
  const flatbuffers::Vector<flatbuffers::Offset<Operator>>& operators() const {
    return *network_->operators();
  }
  int tensor_count() const { return static_cast<int>(network_->tensors()->size()); }

  /// Index as operators give it; throws InputError out of range.
  const Tensor& tensor(int index) const;
  std::string tensor_name(int index) const;
  /// Bytes of a constant; empty for what is computed at run time.
  std::span<const std::uint8_t> data(int tensor) const;

  BuiltinOperator code(const Operator& op) const;
  /// "CONV_2D"; of a custom operator "CUSTOM name".
  std::string operator_name(const Operator& op) const;

  [[noreturn]] void fail(std::string_view fault_and_remedy) const;

 private:
  const OperatorCode& operator_code(const Operator& op) const;

  std::string name_;
  const Model* model_;
  const SubGraph* network_;
};

}  // namespace mcusim::codegen::tflite
