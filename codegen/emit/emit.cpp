#include "codegen/emit/emit.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <variant>

#include "codegen/emit/c_text.h"
#include "codegen/emit/c_type.h"
#include "codegen/emit/constants.h"
#include "codegen/emit/kernel_files.h"
#include "codegen/emit/layer_writer.h"
#include "codegen/emit/signature.h"
#include "common/error.h"

namespace mcusim::codegen {
namespace {

/// Writes one network; holds what grows while the nodes are walked.
class Emitter {
 public:
  Emitter(const Graph& graph, const MemoryPlan& plan, const EmitOptions& options)
      : graph_(graph),
        plan_(plan),
        prefix_(options.prefix),
        upper_(upper_case(prefix_)),
        constants_(prefix_) {
    if (prefix_ != c_identifier(prefix_) || prefix_.empty() || (prefix_[0] >= '0' && prefix_[0] <= '9')) {
      throw InputError(fmt::format("{}: '{}' cannot begin the names of C symbols; use lower case letters",
                                   note_text(graph.name), note_text(prefix_)));
    }
  }

  EmittedNetwork emit() {
    network_.arena_bytes = std::max<std::size_t>(plan_.arena_bytes, 1);
    network_.note.name = note_text(graph_.name);
    network_.note.signature = signature(graph_);
    network_.note.run_function = prefix_ + "_run";
    network_.note.inference_count = prefix_ + "_inference_count";
    for (const TensorId id : graph_.inputs) network_.note.inputs.push_back(note_tensor(id));
    for (const TensorId id : graph_.outputs) network_.note.outputs.push_back(note_tensor(id));
    for (const TensorId id : graph_.inputs) add_activation(id, -1);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      if (shares_storage(node)) {
        activation_of_[node.outputs[0]] = activation_of_[node.inputs[0]];
      } else {
        write_layer_function(node);
        link_layer(node, plan_.scratch_offsets[i]);
      }
    }
    for (const TensorId id : graph_.outputs)
      network_.note.activations[activation_of_.at(id)].last = static_cast<int>(network_.note.layers.size());
    network_.weights_bytes = constants_.bytes();
    network_.files.push_back({prefix_ + ".h", header()});
    network_.files.push_back({prefix_ + ".c", source()});
    network_.files.push_back({prefix_ + "_weights.h", weights_header()});
    network_.files.push_back({prefix_ + "_weights.c", weights_source()});
    for (SourceFile& file : kernel_files(functions_)) network_.files.push_back(std::move(file));
    return std::move(network_);
  }

 private:
  static std::string upper_case(std::string text) {
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
  }

  std::int64_t offset(TensorId id) const {
    const std::int64_t offset = plan_.offsets[static_cast<std::size_t>(id)];
    if (offset == MemoryPlan::kNoOffset) {
      throw InputError(fmt::format("{}: its input or output '{}' is a constant; remove it from the model",
                                   note_text(graph_.name), note_text(graph_.tensor(id).name)));
    }
    return offset;
  }

  bool shares_storage(const Node& node) const {
    return std::holds_alternative<Reshape>(node.attributes) && !graph_.tensor(node.inputs[0]).is_constant() &&
           offset(node.inputs[0]) == offset(node.outputs[0]);
  }

  NoteTensor note_tensor(TensorId id) const {
    const Tensor& tensor = graph_.tensor(id);
    NoteTensor note{.name = note_text(tensor.name),
                    .symbol = prefix_ + "_arena",
                    .offset = static_cast<std::uint32_t>(offset(id)),
                    .type = tensor.type,
                    .shape = tensor.shape};
    if (tensor.quantization && tensor.quantization->scales.size() == 1) {
      note.scale = tensor.quantization->scales[0];
      note.zero_point = tensor.quantization->zero_points[0];
    }
    return note;
  }

  std::uint32_t add_activation(TensorId id, int layer) {
    const auto number = static_cast<std::uint32_t>(network_.note.activations.size());
    activation_of_[id] = number;
    network_.note.activations.push_back({note_tensor(id), layer, layer});
    return number;
  }

  /// What the layer written last reads, computes and needs besides.
  void link_layer(const Node& node, std::int64_t scratch_offset) {
    NoteLayer& layer = network_.note.layers.back();
    for (const TensorId id : node.inputs) {
      if (id == kNoTensor || graph_.tensor(id).is_constant()) continue;
      layer.inputs.push_back(activation_of_.at(id));
      network_.note.activations[layer.inputs.back()].last = layer.index;
    }
    for (const TensorId id : node.outputs) layer.outputs.push_back(add_activation(id, layer.index));
    if (scratch_offset == MemoryPlan::kNoOffset) return;
    const NoteTensor scratch{.name = "scratch of " + layer.name,
                             .symbol = prefix_ + "_arena",
                             .offset = static_cast<std::uint32_t>(scratch_offset),
                             .type = DataType::uint8,
                             .shape = {static_cast<std::int64_t>(scratch_bytes(graph_, node))}};
    network_.note.activations.push_back({scratch, layer.index, layer.index});
  }

  void write_layer_function(const Node& node) {
    const int index = static_cast<int>(network_.note.layers.size());
    NoteLayer note;
    note.index = index;
    note.name = note_text(node.name);
    note.op = note_text(node.op);
    note.output_shape = graph_.tensor(node.outputs[0]).shape;
    note.macc = macc(graph_, node);
    note.function = fmt::format("{}_layer_{}_{}", prefix_, index, c_identifier(node.op));
    std::string inputs;
    for (const TensorId id : node.inputs) {
      if (id == kNoTensor || graph_.tensor(id).is_constant()) continue;
      note.input_shapes.push_back(graph_.tensor(id).shape);
      inputs += fmt::format("{}{}", inputs.empty() ? "" : ", ", dimensions(graph_.tensor(id).shape));
    }
    LayerWriter layer(graph_, plan_, node, prefix_, index, constants_, functions_);
    std::visit([&layer](const auto& attributes) { write_layer(layer, attributes); }, node.attributes);
    prototypes_ += fmt::format("void {}(void);\n", note.function);
    layers_ += fmt::format("\n/* {} {}: {} -> {}, {} MACC */\nMCUSIM_NOIPA void {}(void) {{\n{}}}\n",
                           c_comment(node.op), c_comment(node.name), inputs, dimensions(note.output_shape),
                           note.macc, note.function, layer.body());
    network_.note.layers.push_back(std::move(note));
  }

  std::string banner(std::string_view what) const {
    return fmt::format("/* {} of network {} ({}). Generated by mcusim. */\n", what, c_comment(graph_.name),
                       network_.note.signature);
  }

  /// Pointer and sizes of one input or output.
  std::string accessors(const NoteTensor& tensor, std::string_view direction, std::size_t index) const {
    const std::int64_t elements = element_count(tensor.shape);
    const std::string name = fmt::format("{}_{}", direction, index);
    std::string text =
        fmt::format("/* {}: {} {}", c_comment(tensor.name), name_of(tensor.type), dimensions(tensor.shape));
    if (tensor.scale != 0)
      text += fmt::format(", scale {:.9g}, zero point {}", tensor.scale, tensor.zero_point);
    const std::string macro = upper_case(name);
    return text + fmt::format(
                      " */\n#define {0}_{1} (({2}*)({0}_arena + {3}))\n#define {4}_{5}_ELEMENTS {6}\n"
                      "#define {4}_{5}_BYTES {7}\n",
                      prefix_, name, c_type(tensor.type), tensor.offset, upper_, macro, elements,
                      elements * static_cast<std::int64_t>(size_of(tensor.type)));
  }

  std::string header() const {
    std::string text = banner("Interface");
    text += fmt::format("#ifndef {0}_H\n#define {0}_H\n\n#include <stdint.h>\n\n", upper_);
    text += fmt::format("#define {}_ARENA_BYTES {}\nextern uint8_t {}_arena[{}_ARENA_BYTES];\n\n", upper_,
                        network_.arena_bytes, prefix_, upper_);
    for (std::size_t i = 0; i < network_.note.inputs.size(); ++i)
      text += accessors(network_.note.inputs[i], "input", i);
    for (std::size_t i = 0; i < network_.note.outputs.size(); ++i) {
      text += accessors(network_.note.outputs[i], "output", i);
    }
    text += fmt::format(
        "\ntypedef struct {{\n  const char* name;\n  const char* type; /* \"int8\", \"float32\" ... */\n"
        "  void* data;\n  uint32_t bytes;\n  uint32_t elements;\n}} {}_tensor_info;\n",
        prefix_);
    for (const auto& [direction, count] : {std::pair{"input", network_.note.inputs.size()},
                                           std::pair{"output", network_.note.outputs.size()}}) {
      text += fmt::format("#define {}_{}_COUNT {}\nextern const {}_tensor_info {}_{}s[{}];\n", upper_,
                          upper_case(direction), count, prefix_, prefix_, direction,
                          std::max<std::size_t>(count, 1));
    }
    text += fmt::format(
        "\ntypedef struct {{\n  const char* name;\n  const char* op;\n  const char* function;\n  uint64_t "
        "macc;\n"
        "}} {}_layer_info;\n#define {}_LAYER_COUNT {}\n/* Ends with an entry of null pointers. */\n"
        "extern const {}_layer_info {}_layers[{}_LAYER_COUNT + 1];\n",
        prefix_, upper_, network_.note.layers.size(), prefix_, prefix_, upper_);
    text += fmt::format(
        "\n/* One inference: reads the inputs, which it may overwrite, and writes the outputs. */\n"
        "void {}_run(void);\n\n#endif\n",
        prefix_);
    return text;
  }

  std::string tensor_table(const std::vector<NoteTensor>& tensors, std::string_view direction) const {
    std::string text = fmt::format("\nconst {}_tensor_info {}_{}s[{}] = {{\n", prefix_, prefix_, direction,
                                   std::max<std::size_t>(tensors.size(), 1));
    if (tensors.empty()) text += "    {0, 0, 0, 0, 0},\n";
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const std::string name = fmt::format("{}_{}", direction, i);
      text += fmt::format("    {{{0}, \"{1}\", {2}_{3}, {4}_{5}_BYTES, {4}_{5}_ELEMENTS}},\n",
                          c_string(tensors[i].name), name_of(tensors[i].type), prefix_, name, upper_,
                          upper_case(name));
    }
    return text + "};\n";
  }

  std::string source() const {
    std::string text = banner("Layers");
    text += fmt::format(
        "#include \"{0}.h\"\n\n#include <math.h>\n#include <stddef.h>\n#include <string.h>\n\n"
        "#include \"mcusim_attributes.h\"\n#include \"mcusim_kernels.h\"\n#include \"{0}_weights.h\"\n\n",
        prefix_);
    text += fmt::format("uint8_t {0}_arena[{1}_ARENA_BYTES] MCUSIM_ARENA(\"{0}_arena\");\n\n{2}", prefix_,
                        upper_, prototypes_);
    text += layers_;
    text += fmt::format("\nvoid {}_run(void) {{\n", prefix_);
    for (const NoteLayer& layer : network_.note.layers) {
      text += fmt::format("  MCUSIM_LAYER_BEGIN({0});\n  {1}();\n  MCUSIM_LAYER_END({0});\n", layer.index,
                          layer.function);
    }
    text += "}\n";
    text += tensor_table(network_.note.inputs, "input");
    text += tensor_table(network_.note.outputs, "output");
    text += fmt::format("\nconst {0}_layer_info {0}_layers[{1}_LAYER_COUNT + 1] = {{\n", prefix_, upper_);
    for (const NoteLayer& layer : network_.note.layers) {
      text += fmt::format("    {{{}, {}, \"{}\", {}u}},\n", c_string(layer.name), c_string(layer.op),
                          layer.function, layer.macc);
    }
    return text + "    {0, 0, 0, 0}};\n";
  }

  std::string weights_header() const {
    return banner("Constants") +
           fmt::format("#ifndef {0}_WEIGHTS_H\n#define {0}_WEIGHTS_H\n\n#include <stdint.h>\n\n{1}\n#endif\n",
                       upper_, constants_.declarations());
  }

  std::string weights_source() const {
    return banner("Constants") +
           fmt::format(
               "#include \"{}_weights.h\"\n\n#include <math.h>\n\n#include \"mcusim_attributes.h\"\n{}",
               prefix_, constants_.definitions());
  }

  const Graph& graph_;
  const MemoryPlan& plan_;
  std::string prefix_;
  std::string upper_;
  Constants constants_;
  std::set<std::string> functions_;
  std::string prototypes_;
  std::string layers_;
  std::map<TensorId, std::uint32_t> activation_of_;  ///< Position in the note.
  EmittedNetwork network_;
};

}  // namespace

EmittedNetwork emit_c(const Graph& graph, const MemoryPlan& plan, const EmitOptions& options) {
  return Emitter(graph, plan, options).emit();
}

}  // namespace mcusim::codegen
