#include "codegen/toolchain/network_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "codegen/emit/c_text.h"
#include "codegen/toolchain/samples.h"
#include "codegen/toolchain/text.h"
#include "common/byte_order.h"
#include "common/error.h"

namespace mcusim::codegen {
namespace {

// At 115200 baud the console takes about a third of a millisecond per element.
constexpr int kPrintedElements = 1024;

void check_symbol(const NetworkNote& note, const std::string& symbol) {
  if (is_identifier(symbol)) return;
  throw InputError(fmt::format("{}: the note's symbol {} is not a C identifier; rename it",
                               table_word(note.name), c_string(symbol)));
}

std::string declarations(const NetworkNote& note) {
  check_symbol(note, note.run_function);
  std::string text = fmt::format("void {}(void);\n", note.run_function);
  std::set<std::string> symbols;
  for (const NoteTensor& tensor : note.inputs) symbols.insert(tensor.symbol);
  for (const NoteTensor& tensor : note.outputs) symbols.insert(tensor.symbol);
  for (const std::string& symbol : symbols) {
    check_symbol(note, symbol);
    text += fmt::format("extern unsigned char {}[];\n", symbol);
  }
  return text;
}

std::string layer_table(const NetworkNote& note) {
  std::string text = "const struct network_layer network_layers[] = {\n";
  for (const NoteLayer& layer : note.layers) {
    text += fmt::format("    {{{}, {}, {}u}},\n", c_string(table_word(layer.name)),
                        c_string(table_word(layer.op)), layer.macc);
  }
  if (note.layers.empty()) text += "    {0, 0, 0},\n";
  return text + "};\n";
}

const char* network_type(DataType type) {
  switch (type) {
    case DataType::float32:
      return "network_float";
    case DataType::int8:
    case DataType::int16:
    case DataType::int32:
    case DataType::int64:
      return "network_signed";
    case DataType::uint8:
    case DataType::boolean:
      return "network_unsigned";
  }
  return "network_unsigned";
}

std::string output_table(const NetworkNote& note) {
  std::string text = "const struct network_output network_outputs[] = {\n";
  for (const NoteTensor& output : note.outputs) {
    const std::size_t width = size_of(output.type);
    text += fmt::format("    {{{}, {}, {}, {}, {} + {}}},\n", c_string(name_of(output.type)),
                        network_type(output.type), width, byte_size(output) / width, output.symbol,
                        output.offset);
  }
  if (note.outputs.empty()) text += "    {0, network_unsigned, 0, 0, 0},\n";
  return text + "};\n";
}

void append_bytes(std::string& text, const std::string& name, const std::vector<std::uint8_t>& bytes) {
  constexpr std::size_t kPerLine = 24;
  text += fmt::format("static const unsigned char {}[{}] = {{", name, bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i % kPerLine == 0) text += "\n   ";
    fmt::format_to(std::back_inserter(text), " {},", bytes[i]);
  }
  text += "\n};\n";
}

std::string sample_arrays(const NetworkNote& note,
                          const std::vector<std::vector<std::vector<std::uint8_t>>>& samples,
                          bool big_endian) {
  std::string text;
  for (std::size_t s = 0; s < samples.size(); ++s) {
    for (std::size_t i = 0; i < samples[s].size(); ++i) {
      std::vector<std::uint8_t> bytes = samples[s][i];
      if (big_endian) reverse_elements(bytes, size_of(note.inputs[i].type));
      append_bytes(text, fmt::format("sample_{}_{}", s, i), bytes);
    }
  }
  return text;
}

std::string load_function(const NetworkNote& note, std::size_t samples) {
  std::string text = "void network_load_sample(uint32_t index) {\n  switch (index) {\n";
  for (std::size_t s = 0; s < samples; ++s) {
    text += fmt::format("    case {}:\n", s);
    for (std::size_t i = 0; i < note.inputs.size(); ++i) {
      const NoteTensor& input = note.inputs[i];
      text += fmt::format("      memcpy({} + {}, sample_{}_{}, {});\n", input.symbol, input.offset, s, i,
                          byte_size(input));
    }
    text += "      break;\n";
  }
  return text + "  }\n}\n";
}

std::size_t column_width(const std::vector<NoteLayer>& layers, std::string NoteLayer::*field,
                         std::size_t heading) {
  for (const NoteLayer& layer : layers) heading = std::max(heading, table_word(layer.*field).size());
  return heading;
}

}  // namespace

std::string network_size_header(const NetworkNote& note, std::size_t samples) {
  std::string text = "#ifndef NETWORK_SIZE_H\n#define NETWORK_SIZE_H\n\n";
  text += fmt::format("#define NETWORK_LAYERS {}u\n", note.layers.size());
  text += fmt::format("#define NETWORK_OUTPUTS {}u\n", note.outputs.size());
  text += fmt::format("#define NETWORK_SAMPLES {}u\n", samples);
  // The first inference runs with cold caches, the second with warm ones.
  text += fmt::format("#define NETWORK_DEFAULT_INFERENCES {}u\n", std::max<std::size_t>(2, samples));
  text += fmt::format("#define NETWORK_PRINTED_ELEMENTS {}u\n", kPrintedElements);
  text += fmt::format("#define NETWORK_NAME_WIDTH {}u\n", column_width(note.layers, &NoteLayer::name, 4));
  text += fmt::format("#define NETWORK_OP_WIDTH {}u\n", column_width(note.layers, &NoteLayer::op, 2));
  return text + "\n#endif\n";
}

std::string network_source(const NetworkNote& note,
                           const std::vector<std::vector<std::vector<std::uint8_t>>>& samples,
                           bool big_endian) {
  std::string text = "#include \"network.h\"\n\n#include <string.h>\n\n";
  text += declarations(note);
  text += fmt::format("\nconst char network_name[] = {};\n", c_string(table_word(note.name)));
  text += fmt::format("const char network_signature[] = {};\n\n", c_string(table_word(note.signature)));
  text += layer_table(note) + "\n" + output_table(note) + "\n";
  text += sample_arrays(note, samples, big_endian) + "\n" + load_function(note, samples.size());
  text += fmt::format("\nvoid network_run(void) {{ {}(); }}\n", note.run_function);
  return text;
}

}  // namespace mcusim::codegen
