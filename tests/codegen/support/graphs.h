#pragma once

#include <string>
#include <vector>

#include "codegen/graph/graph.h"

namespace mcusim::codegen::testing {

// Small graphs built by hand, for rules that no model file shows.

/// int8, per tensor.
Tensor int8_tensor(std::string name, Shape shape, float scale, std::int64_t zero_point);

/// Input, then `layers` fully connected layers of `width` inputs and outputs with the same constants.
Graph dense_chain(int layers, int width);

}  // namespace mcusim::codegen::testing
