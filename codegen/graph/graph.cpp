#include "codegen/graph/graph.h"

namespace mcusim::codegen {

std::int64_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t dimension : shape) count *= dimension;
  return count;
}

}  // namespace mcusim::codegen
