#include "common/network_note.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "common/error.h"

namespace mcusim {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const NoteLayer& layer) {
  return {{"index", layer.index},
          {"name", layer.name},
          {"op", layer.op},
          {"input_shapes", layer.input_shapes},
          {"output_shape", layer.output_shape},
          {"macc", layer.macc},
          {"function", layer.function},
          {"inputs", layer.inputs},
          {"outputs", layer.outputs}};
}

Json json_of(const NoteTensor& tensor) {
  return {{"name", tensor.name},
          {"symbol", tensor.symbol},
          {"offset", tensor.offset},
          {"type", std::string(name_of(tensor.type))},
          {"shape", tensor.shape},
          {"scale", tensor.scale},
          {"zero_point", tensor.zero_point}};
}

Json json_of(const NoteActivation& activation) {
  Json json = json_of(activation.tensor);
  json["first"] = activation.first;
  json["last"] = activation.last;
  return json;
}

template <typename T>
Json json_of(const std::vector<T>& items) {
  Json array = Json::array();
  for (const T& item : items) array.push_back(json_of(item));
  return array;
}

NoteLayer layer_of(const Json& json) {
  NoteLayer layer;
  json.at("index").get_to(layer.index);
  json.at("name").get_to(layer.name);
  json.at("op").get_to(layer.op);
  json.at("input_shapes").get_to(layer.input_shapes);
  json.at("output_shape").get_to(layer.output_shape);
  json.at("macc").get_to(layer.macc);
  json.at("function").get_to(layer.function);
  // Notes of other generators may leave the following out, as those of the first version did.
  layer.inputs = json.value("inputs", layer.inputs);
  layer.outputs = json.value("outputs", layer.outputs);
  return layer;
}

NoteTensor tensor_of(const Json& json) {
  NoteTensor tensor;
  json.at("name").get_to(tensor.name);
  json.at("symbol").get_to(tensor.symbol);
  json.at("offset").get_to(tensor.offset);
  const auto type = json.at("type").get<std::string>();
  const std::optional<DataType> known = data_type_of(type);
  if (!known) throw std::invalid_argument(fmt::format("element type '{}' is unknown", type));
  tensor.type = *known;
  json.at("shape").get_to(tensor.shape);
  std::int64_t elements = 1;
  for (const std::int64_t dimension : tensor.shape) {
    if (dimension < 1 || __builtin_mul_overflow(elements, dimension, &elements) || elements > (1ll << 31)) {
      throw std::invalid_argument(fmt::format("tensor '{}' has an impossible shape", tensor.name));
    }
  }
  json.at("scale").get_to(tensor.scale);
  json.at("zero_point").get_to(tensor.zero_point);
  return tensor;
}

NoteActivation activation_of(const Json& json, std::size_t layers) {
  NoteActivation activation{tensor_of(json), json.at("first").get<int>(), json.at("last").get<int>()};
  if (activation.first < -1 || activation.last < activation.first ||
      activation.last > static_cast<std::int64_t>(layers)) {
    throw std::invalid_argument(
        fmt::format("tensor '{}' lives in layers that are not there", activation.tensor.name));
  }
  return activation;
}

void check_links(const NetworkNote& note) {
  for (const NoteLayer& layer : note.layers)
    for (const auto* tensors : {&layer.inputs, &layer.outputs})
      for (const std::uint32_t tensor : *tensors)
        if (tensor >= note.activations.size())
          throw std::invalid_argument(fmt::format("layer {} has a tensor that is not there", layer.index));
}

}  // namespace

std::string to_json(const NetworkNote& note) {
  const Json json = {{"version", kNetworkNoteVersion},
                     {"name", note.name},
                     {"signature", note.signature},
                     {"run_function", note.run_function},
                     {"inference_count", note.inference_count},
                     {"layers", json_of(note.layers)},
                     {"inputs", json_of(note.inputs)},
                     {"outputs", json_of(note.outputs)},
                     {"activations", json_of(note.activations)}};
  return json.dump(1) + "\n";
}

NetworkNote parse_network_note(std::string_view text, std::string_view file) {
  try {
    const Json json = Json::parse(text);
    const int version = json.at("version").get<int>();
    if (version != kNetworkNoteVersion) {
      throw std::invalid_argument(
          fmt::format("version {} is unknown, this program reads {}", version, kNetworkNoteVersion));
    }
    NetworkNote note;
    json.at("name").get_to(note.name);
    json.at("signature").get_to(note.signature);
    json.at("run_function").get_to(note.run_function);
    json.at("inference_count").get_to(note.inference_count);
    for (const Json& layer : json.at("layers")) note.layers.push_back(layer_of(layer));
    for (const Json& tensor : json.at("inputs")) note.inputs.push_back(tensor_of(tensor));
    for (const Json& tensor : json.at("outputs")) note.outputs.push_back(tensor_of(tensor));
    for (const Json& tensor : json.value("activations", Json::array()))
      note.activations.push_back(activation_of(tensor, note.layers.size()));
    check_links(note);
    return note;
  } catch (const std::exception& error) {
    std::string fault = error.what();
    for (char& c : fault) c = c == '\n' ? ' ' : c;
    throw InputError(fmt::format("{}: its network note is damaged ({}); build it again or remove section {}",
                                 file, fault, kNetworkNoteSection));
  }
}

}  // namespace mcusim
