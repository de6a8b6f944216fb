#pragma once

#include <vector>

#include "codegen/import/tflite_file.h"

namespace mcusim::codegen::tflite {

/// Converters write a reshape with a free batch as SHAPE, STRIDED_SLICE and PACK before RESHAPE: arithmetic
/// on sizes that are all known once the batch is 1, and whose outcome the file records as the result's shape.
class ShapeArithmetic {
 public:
  explicit ShapeArithmetic(const File& file);

  /// The tensor's values depend on constants and on shapes of tensors only, never on their data.
  bool follows_from_shapes(int tensor) const;

 private:
  const File& file_;
  std::vector<int> producer_;  ///< Index of the operator by tensor; -1: none.
};

}  // namespace mcusim::codegen::tflite
