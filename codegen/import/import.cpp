#include "codegen/import/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "codegen/graph/check.h"
#include "codegen/import/tflite_reader.h"
#include "common/error.h"
#include "common/files.h"

namespace mcusim::codegen {
namespace {

/// What marks a format: bytes at a fixed place of the file.
struct Signature {
  std::size_t offset;
  std::string_view bytes;

  bool matches(std::string_view file) const {
    return file.size() >= offset && file.substr(offset, bytes.size()) == bytes;
  }
};

constexpr Signature kTflite{4, "TFL3"};
constexpr Signature kHdf5{0, "\x89HDF\r\n\x1a\n"};
constexpr Signature kZip{0, "PK\x03\x04"};

/// ONNX has no signature: a protobuf message that begins with field 1, ir_version, a small number, and goes
/// on with a string of the producer (2..4), an operator set (8) or the graph (7), each of wire type 2.
bool looks_like_onnx(std::string_view file) {
  if (file.size() < 4 || file[0] != 0x08 || file[1] < 1 || file[1] > 32) return false;
  constexpr std::string_view kNextTags = "\x12\x1a\x22\x3a\x42";
  return kNextTags.find(file[2]) != std::string_view::npos;
}

constexpr std::string_view kConvertKeras =
    "this is a Keras model; convert it to .tflite: import tensorflow as tf; "
    "m = tf.keras.models.load_model(FILE, compile=False); "
    "open('net.tflite', 'wb').write(tf.lite.TFLiteConverter.from_keras_model(m).convert()) (see "
    "docs/convert.md)";
constexpr std::string_view kConvertOnnx =
    "this is an ONNX model; convert it to .tflite: pip install onnx2tf; onnx2tf -i FILE -o out; "
    "then give out/NAME_float32.tflite (see docs/convert.md)";

}  // namespace

Graph import_model(const std::filesystem::path& path) {
  const std::string file = path.string();
  const std::vector<std::uint8_t> bytes = read_file(path);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());

  if (kTflite.matches(text)) {
    Graph graph = read_tflite(bytes, file);
    graph.name = printable(path.stem().string());
    check(graph, file);
    return graph;
  }
  // A zip archive may be anything; a .keras file is one that has this name.
  if (kHdf5.matches(text) || (kZip.matches(text) && path.extension() == ".keras")) {
    throw InputError(fmt::format("{}: {}", file, kConvertKeras));
  }
  if (path.extension() == ".onnx" || looks_like_onnx(text)) {
    throw InputError(fmt::format("{}: {}", file, kConvertOnnx));
  }
  throw InputError(fmt::format("{}: not a model file; give a TensorFlow Lite model (.tflite)", file));
}

}  // namespace mcusim::codegen
