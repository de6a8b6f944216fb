#pragma once

#include <string>

#include "codegen/graph/graph.h"

namespace mcusim::codegen {

/// 16 hex digits that identify what the graph computes: types, shapes, scales, constants, operators and their
/// attributes, not names (FNV-1a, 64 bits).
std::string signature(const Graph& graph);

}  // namespace mcusim::codegen
