#include "profiler/checks/tensor_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/error.h"

namespace mcusim::profiler {
namespace {

using emulator::AddressRange;

constexpr std::uint32_t kExceptionNumber = 0x1ff;  ///< Of xPSR.

}  // namespace

TensorCheck::TensorCheck(emulator::Machine& machine, const emulator::Image& image)
    : machine_(machine), log_("tensors", image) {
  if (!image.note || image.note->activations.empty()) {
    throw InputError(fmt::format(
        "{}: --check tensors needs a network note that tells the layers' tensors; build it with mcusim build",
        image.file));
  }
  std::vector<AddressRange> ranges;
  for (const NoteActivation& activation : image.note->activations) {
    const NoteTensor& tensor = activation.tensor;
    const emulator::Symbol* const arena = image.find_symbol(tensor.symbol);
    if (arena == nullptr) {
      throw InputError(
          fmt::format("{}: its network note names symbol '{}', which it does not have; build it again",
                      image.file, tensor.symbol));
    }
    Bytes bytes = size_of(tensor.type);
    for (const std::int64_t dimension : tensor.shape) bytes *= static_cast<Bytes>(dimension);
    ranges.push_back({arena->address + tensor.offset, bytes});
    if (std::ranges::find(arenas_, arena->address, &AddressRange::begin) == arenas_.end())
      arenas_.push_back({arena->address, arena->size});
  }
  for (const NoteLayer& layer : image.note->layers) {
    Layer& entry = layers_.emplace_back();
    entry.rule = fmt::format("outside the tensors of layer {} {}", layer.index, layer.op);
    for (const std::uint32_t input : layer.inputs) entry.tensors.push_back({ranges.at(input), false});
    for (const std::uint32_t output : layer.outputs) entry.tensors.push_back({ranges.at(output), true});
  }
  add_scratch(*image.note, ranges);
}

// Scratch matters to one layer alone, and is linked to none as input or output.
void TensorCheck::add_scratch(const NetworkNote& note, const std::vector<AddressRange>& ranges) {
  std::vector<bool> linked(ranges.size());
  for (const NoteLayer& layer : note.layers) {
    for (const std::uint32_t input : layer.inputs) linked[input] = true;
    for (const std::uint32_t output : layer.outputs) linked[output] = true;
  }
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const NoteActivation& activation = note.activations[i];
    const auto layer = static_cast<std::size_t>(activation.first);
    if (!linked[i] && activation.first >= 0 && activation.first == activation.last && layer < layers_.size())
      layers_[layer].tensors.push_back({ranges[i], true});
  }
}

void TensorCheck::layer_changed(std::optional<std::size_t> layer) {
  layer_ = layer && *layer < layers_.size() ? &layers_[*layer] : nullptr;
}

bool TensorCheck::allowed(Address address, bool writes) const {
  const auto holds = [address](const AddressRange& range) { return range.contains(address); };
  if (std::ranges::none_of(arenas_, holds)) return true;
  return std::ranges::any_of(layer_->tensors, [&](const Tensor& tensor) {
    return tensor.range.contains(address) && (tensor.writable || !writes);
  });
}

// On other cores than Cortex-M the flag register has no such field; their handlers are not told apart.
bool TensorCheck::in_handler() const { return (machine_.engine().registers().xpsr & kExceptionNumber) != 0; }

void TensorCheck::access(WrongAccess what) {
  if (layer_ == nullptr) return;
  for (unsigned i = 0; i < what.width; ++i) what.wrong += allowed(what.address + i, what.writes) ? 0 : 1;
  if (what.wrong != 0 && !in_handler()) log_.add(what, layer_->rule);
}

}  // namespace mcusim::profiler
