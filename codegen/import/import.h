#pragma once

#include <filesystem>

#include "codegen/graph/graph.h"

namespace mcusim::codegen {

/// Reads a model file (.tflite; the content decides, not the name). The graph is checked: every index in
/// range, every shape positive and consistent with its operator, constants as long as their shape says,
/// quantisation present where int8 needs it. Throws InputError on anything else; for .h5, .keras and .onnx
/// the message tells how to convert.
Graph import_model(const std::filesystem::path& path);

}  // namespace mcusim::codegen
