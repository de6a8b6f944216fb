#include "codegen/emit/strides.h"

#include <algorithm>

namespace mcusim::codegen {

StridedLoops merge_loops(const Shape& size, const std::vector<Shape>& strides) {
  StridedLoops merged{{}, std::vector<Shape>(strides.size())};
  for (std::size_t i = 0; i < size.size(); ++i) {
    if (size[i] == 1) continue;
    bool joins = !merged.size.empty();
    for (std::size_t k = 0; joins && k < strides.size(); ++k) {
      joins = merged.strides[k].back() == strides[k][i] * size[i];
    }
    if (joins) {
      merged.size.back() *= size[i];
      for (std::size_t k = 0; k < strides.size(); ++k) merged.strides[k].back() = strides[k][i];
    } else {
      merged.size.push_back(size[i]);
      for (std::size_t k = 0; k < strides.size(); ++k) merged.strides[k].push_back(strides[k][i]);
    }
  }
  return merged;
}

Shape outermost_padded(const Shape& values, std::size_t count, std::int64_t fill) {
  Shape padded(count - std::min(count, values.size()), fill);
  padded.insert(padded.end(), values.begin(), values.end());
  return padded;
}

Shape row_major_strides(const Shape& shape) {
  Shape strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i > 1; --i) strides[i - 2] = strides[i - 1] * shape[i - 1];
  return strides;
}

}  // namespace mcusim::codegen
