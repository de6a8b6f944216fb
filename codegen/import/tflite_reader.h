#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "codegen/graph/graph.h"

namespace mcusim::codegen {

/// The network of a TensorFlow Lite file, operators that contribute to no output left out. Not checked yet
/// beyond what reading needs: call check(). Throws InputError, naming `file`, on anything that has no place
/// in a Graph.
Graph read_tflite(std::span<const std::uint8_t> bytes, const std::string& file);

}  // namespace mcusim::codegen
