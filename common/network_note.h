#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/data_type.h"

namespace mcusim {

/// What an ELF tells about the network inside it: the JSON text of its non-allocated section
/// kNetworkNoteSection. docs/network-note.md describes it for other generators.
inline constexpr std::string_view kNetworkNoteSection = ".mcusim.network";
inline constexpr int kNetworkNoteVersion = 1;

struct NoteLayer {
  int index = 0;
  std::string name;
  std::string op;  ///< Operator as in the model's format, for instance CONV_2D.
  std::vector<std::vector<std::int64_t>> input_shapes;  ///< Of the activations, not of the weights.
  std::vector<std::int64_t> output_shape;               ///< Of the first output.
  std::uint64_t macc = 0;
  std::string function;  ///< Symbol; entered once per inference.
  /// Positions in NetworkNote::activations; empty: not told.
  std::vector<std::uint32_t> inputs = {}, outputs = {};
};

/// An input or output: where its bytes are when the run function is entered or left.
struct NoteTensor {
  std::string name;
  std::string symbol;
  std::uint32_t offset = 0;  ///< Bytes behind the symbol.
  DataType type = DataType::float32;
  std::vector<std::int64_t> shape;
  double scale = 0;  ///< 0: not quantised.
  std::int64_t zero_point = 0;
};

/// Bytes that the network computes and uses while it runs, with the layers (positions in NetworkNote::layers)
/// during which they matter.
struct NoteActivation {
  NoteTensor tensor;
  int first = 0;  ///< The layer that computes them; -1: an input, there before the first.
  int last = 0;   ///< The last layer that needs them; the number of layers: an output.
};

struct NetworkNote {
  std::string name;
  std::string signature;     ///< Identifies the converted model, not the file: hex digest.
  std::string run_function;  ///< Symbol; one call is one inference.
  /// Symbol of a uint32_t in RAM, read by the firmware at its start: how many inferences to run. May be
  /// empty.
  std::string inference_count;
  std::vector<NoteLayer> layers;
  std::vector<NoteTensor> inputs;
  std::vector<NoteTensor> outputs;
  std::vector<NoteActivation> activations;  ///< Inputs, outputs and scratch among them; empty: not told.
};

std::string to_json(const NetworkNote& note);

/// Throws InputError naming `file` when the text is not a note of a known version.
NetworkNote parse_network_note(std::string_view text, std::string_view file);

}  // namespace mcusim
