#pragma once

#include <vector>

#include "codegen/graph/graph.h"
#include "codegen/import/tflite_file.h"

namespace mcusim::codegen::tflite {

/// Takes over into the graph, once each, the tensors that the network uses. All that is copied is limited to
/// kLargestTensorSum, however often a file refers to the same bytes.
class TensorImporter {
 public:
  TensorImporter(const File& file, Graph& graph);

  /// -1 is an omitted operand and gives kNoTensor.
  TensorId import(int index);

  /// Values of a constant int32 or int64 tensor, such as axes: `what` names it in errors.
  std::vector<std::int64_t> integers(int index, std::string_view what) const;

 private:
  void claim(std::size_t bytes);
  std::optional<Quantization> quantization(const Tensor& tensor, int index);

  const File& file_;
  Graph& graph_;
  std::vector<TensorId> imported_;  ///< By index in the file.
  std::size_t claimed_ = 0;
};

}  // namespace mcusim::codegen::tflite
