#include "profiler/inference_recorder.h"

#include <fmt/format.h>

#include <cstring>

#include "common/byte_order.h"
#include "common/error.h"

namespace mcusim::profiler {
namespace {

using emulator::Image;
using emulator::Machine;

Address address_of(const Image& image, const std::string& symbol) {
  const emulator::Symbol* found = image.find_symbol(symbol);
  if (found == nullptr) {
    throw InputError(
        fmt::format("{}: its network note names symbol '{}', which it does not have; build it again",
                    image.file, symbol));
  }
  return found->address;
}

std::size_t bytes_of(const NoteTensor& tensor) {
  std::size_t bytes = size_of(tensor.type);
  for (const std::int64_t dimension : tensor.shape) bytes *= static_cast<std::size_t>(dimension);
  return bytes;
}

}  // namespace

InferenceRecorder::InferenceRecorder(Machine& machine, const Image& image, const NetworkInputs& inputs,
                                     Attribution* attribution, Profile& profile)
    : machine_(machine),
      image_(image),
      note_(*image.note),
      inputs_(inputs),
      attribution_(attribution),
      profile_(profile) {
  profile_.network = note_.name;
  run_ = address_of(image, note_.run_function);
  add_probe(run_);
  for (std::size_t i = 0; i < note_.layers.size(); ++i) {
    const Address address = address_of(image, note_.layers[i].function);
    if (!layer_at_.emplace(address, i).second) {
      throw InputError(
          fmt::format("{}: layers {} and {} share function {}; a layer needs a function of its own",
                      image.file, layer_at_[address], i, note_.layers[i].function));
    }
    add_probe(address);
    current_.emplace_back().layer = note_.layers[i];
  }
  for (const NoteTensor& tensor : note_.inputs)
    input_addresses_.push_back(address_of(image, tensor.symbol) + tensor.offset);
  for (const NoteTensor& tensor : note_.outputs)
    output_addresses_.push_back(address_of(image, tensor.symbol) + tensor.offset);
  for (const NoteActivation& activation : note_.activations) {
    const NoteTensor& tensor = activation.tensor;
    activations_.push_back({{tensor.name, address_of(image, tensor.symbol) + tensor.offset, bytes_of(tensor)},
                            std::string(name_of(tensor.type)),
                            tensor.shape,
                            activation.first,
                            activation.last});
  }
  if (!note_.inference_count.empty()) count_address_ = address_of(image, note_.inference_count);
}

void InferenceRecorder::at_probe(Address pc) {
  const emulator::Registers registers = machine_.engine().registers();
  // A return first: the call that ends here may be followed by another entry at the same address.
  while (!open_.empty() && open_.back().return_address == pc && open_.back().stack == registers.r[13])
    leave();
  if (pc == run_) {
    provide_inputs();
    if (records_io_) record_inputs();
    // What holds during the inference counts, and the last inference is the one that the profile describes.
    hazards_ = machine_.hazards(image_, pc);
    enter(kRun, registers);
    if (attribution_ != nullptr) attribution_->begin_window();
  } else if (const auto layer = layer_at_.find(pc); layer != layer_at_.end()) {
    enter(static_cast<int>(layer->second), registers);
  }
}

void InferenceRecorder::add_probe(Address address) {
  if (probes_[address]++ == 0) machine_.engine().add_probe(address);
}

void InferenceRecorder::remove_probe(Address address) {
  if (--probes_[address] == 0) machine_.engine().remove_probe(address);
}

void InferenceRecorder::enter(int what, const emulator::Registers& registers) {
  const Address return_address = registers.r[14] & ~1u;
  open_.push_back({what, return_address, registers.r[13], read(machine_.engine())});
  add_probe(return_address);
  tell_layer();
}

void InferenceRecorder::tell_layer() const {
  if (!layer_listener_) return;
  const bool in_layer = !open_.empty() && open_.back().what != kRun;
  layer_listener_(in_layer ? std::optional(static_cast<std::size_t>(open_.back().what)) : std::nullopt);
}

void InferenceRecorder::leave() {
  const OpenCall call = open_.back();
  open_.pop_back();
  tell_layer();
  remove_probe(call.return_address);
  const Reading now = read(machine_.engine());
  const Spent cost = spent(now, call.start);
  if (call.what != kRun) {
    LayerProfile& layer = current_[static_cast<std::size_t>(call.what)];
    LayerProfile anew;
    anew.layer = layer.layer;
    add(cost, anew);
    layer = std::move(anew);
    if (attribution_ != nullptr) {
      attribution_->add_layer(static_cast<std::uint32_t>(call.what), call.start.counters.cycles,
                              now.counters.cycles);
    }
    return;
  }
  profile_.work = cost.counters;
  profile_.stalls = cost.stalls;
  profile_.inference_cycles.push_back(cost.counters.cycles);
  profile_.layers = current_;
  profile_.activations = activations_;
  profile_.caches = cost.caches;
  if (attribution_ != nullptr) attribution_->end_window();
  collect_outputs();
}

void InferenceRecorder::show_unfinished() {
  if (profile_.inference_cycles.empty()) {
    profile_.layers = current_;
    profile_.activations = activations_;
  }
  if (!open_.empty() && open_.back().what != kRun)
    profile_.running->layer = static_cast<std::uint32_t>(open_.back().what);
}

void InferenceRecorder::order(std::vector<std::uint8_t>& bytes, std::size_t width) const {
  if (machine_.big_endian()) reverse_elements(bytes, width);
}

void InferenceRecorder::store(Address address, const std::vector<std::uint8_t>& bytes,
                              const std::string& what) {
  if (!machine_.bus().load(address, bytes.data(), bytes.size())) {
    throw InputError(
        fmt::format("input '{}' at 0x{:08x} lies outside the memory; build the ELF again", what, address));
  }
  machine_.engine().memory_changed(address, bytes.size());
}

void InferenceRecorder::provide_inputs() {
  const std::size_t inference = profile_.inference_cycles.size();
  if (inputs_.samples.empty()) return;
  if (inference == 0 && count_address_) {
    const auto count = static_cast<std::uint32_t>(inputs_.samples.size());
    std::vector<std::uint8_t> bytes(sizeof count);
    std::memcpy(bytes.data(), &count, sizeof count);
    order(bytes, sizeof count);
    store(*count_address_, bytes, note_.inference_count);
  }
  const auto& sample = inputs_.samples[inference % inputs_.samples.size()];
  for (std::size_t i = 0; i < sample.size(); ++i) {
    std::vector<std::uint8_t> bytes = sample[i];
    order(bytes, size_of(note_.inputs[i].type));
    store(input_addresses_[i], bytes, note_.inputs[i].name);
  }
}

std::vector<NpyArray> InferenceRecorder::read_tensors(const std::vector<NoteTensor>& tensors,
                                                      const std::vector<Address>& at,
                                                      const char* kind) const {
  std::vector<NpyArray> arrays;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const NoteTensor& tensor = tensors[i];
    NpyArray array{tensor.type, tensor.shape, {}};
    const std::size_t bytes = bytes_of(tensor);
    if (machine_.bus().find_memory(at[i], bytes) == nullptr) {
      throw InputError(fmt::format("{} '{}' at 0x{:08x} lies outside the memory; build the ELF again", kind,
                                   tensor.name, at[i]));
    }
    array.bytes.resize(bytes);
    machine_.bus().fetch(at[i], array.bytes.data(), bytes);
    order(array.bytes, size_of(tensor.type));
    arrays.push_back(std::move(array));
  }
  return arrays;
}

void InferenceRecorder::record_inputs() {
  recording_ = {profile_.inference_cycles.size(), {}, {}};
  const std::vector<NpyArray> inputs = read_tensors(note_.inputs, input_addresses_, "input");
  for (std::size_t i = 0; i < inputs.size(); ++i)
    recording_.inputs.push_back({note_.inputs[i].name, inputs[i]});
}

void InferenceRecorder::record_outputs(const std::vector<NpyArray>& outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i)
    recording_.outputs.push_back({note_.outputs[i].name, outputs[i]});
  for (const auto* tensors : {&recording_.inputs, &recording_.outputs})
    for (const RecordedTensor& tensor : *tensors) recorded_bytes_ += tensor.array.bytes.size();
  if (recorded_bytes_ <= kMostRecorded) {
    profile_.recorded.push_back(std::move(recording_));
    return;
  }
  profile_.warnings.push_back(
      fmt::format("--record-io keeps {} bytes of tensors; those of inference {} and later ones are left out",
                  kMostRecorded, recording_.inference));
  records_io_ = false;
}

void InferenceRecorder::collect_outputs() {
  std::vector<NpyArray> outputs = read_tensors(note_.outputs, output_addresses_, "output");
  if (records_io_) record_outputs(outputs);
  // Without samples of the user's own only the last outputs are of use.
  if (inputs_.samples.empty()) profile_.outputs.clear();
  profile_.outputs.push_back(std::move(outputs));
}

}  // namespace mcusim::profiler
