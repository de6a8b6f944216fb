#include "codegen/import/padding.h"

#include <algorithm>

namespace mcusim::codegen {

Margin same_margin(std::int64_t size, std::int32_t filter, std::int32_t stride, std::int32_t dilation) {
  const std::int64_t results = (size + stride - 1) / stride;
  const std::int64_t extent = std::int64_t{filter - 1} * dilation + 1;
  const std::int64_t total = std::max<std::int64_t>(0, (results - 1) * stride + extent - size);
  return {static_cast<std::int32_t>(total / 2), static_cast<std::int32_t>(total - total / 2)};
}

}  // namespace mcusim::codegen
