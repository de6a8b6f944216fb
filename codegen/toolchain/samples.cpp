#include "codegen/toolchain/samples.h"

#include <fmt/format.h>

#include <bit>

#include "codegen/toolchain/text.h"
#include "common/error.h"

namespace mcusim::codegen {
namespace {

using Sample = std::vector<std::vector<std::uint8_t>>;

/// xorshift32 (G. Marsaglia, Xorshift RNGs, 2003).
class Sequence {
 public:
  std::uint32_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }

 private:
  std::uint32_t state_ = 0x2545f491;
};

/// Bits of one element, little-endian in the low bytes.
std::uint32_t element(DataType type, std::uint32_t random) {
  switch (type) {
    case DataType::float32:
      // 24 bits are exact in a float.
      return std::bit_cast<std::uint32_t>(static_cast<float>(random >> 8) / 8388608.0f - 1.0f);
    case DataType::int8:
    case DataType::uint8:
    case DataType::int16:
      return random >> 16;
    case DataType::int32:
    case DataType::int64:
    case DataType::boolean:
      return random >> 31;
  }
  return 0;
}

}  // namespace

Bytes byte_size(const NoteTensor& tensor) {
  Bytes size = size_of(tensor.type);
  for (const std::int64_t extent : tensor.shape) size *= static_cast<Bytes>(extent);
  return size;
}

Sample default_sample(const NetworkNote& note) {
  Sequence sequence;
  Sample sample;
  for (const NoteTensor& input : note.inputs) {
    std::vector<std::uint8_t> bytes(byte_size(input), 0);
    const std::size_t width = size_of(input.type);
    for (std::size_t at = 0; at + width <= bytes.size(); at += width) {
      const std::uint32_t bits = element(input.type, sequence.next());
      for (std::size_t i = 0; i < width && i < 4; ++i) {
        bytes[at + i] = static_cast<std::uint8_t>(bits >> (8 * i));
      }
    }
    sample.push_back(std::move(bytes));
  }
  return sample;
}

std::vector<Sample> samples_of(const NetworkNote& note, const BuildOptions& options) {
  if (options.samples.empty()) return {default_sample(note)};
  for (std::size_t s = 0; s < options.samples.size(); ++s) {
    const Sample& sample = options.samples[s];
    if (sample.size() != note.inputs.size()) {
      throw InputError(fmt::format("{}: sample {} has {} inputs; the network takes {}", table_word(note.name),
                                   s, sample.size(), note.inputs.size()));
    }
    for (std::size_t i = 0; i < sample.size(); ++i) {
      if (sample[i].size() == byte_size(note.inputs[i])) continue;
      throw InputError(fmt::format("{}: sample {} has {} bytes for input {}; the network takes {}",
                                   table_word(note.name), s, sample[i].size(),
                                   table_word(note.inputs[i].name), byte_size(note.inputs[i])));
    }
  }
  return options.samples;
}

}  // namespace mcusim::codegen
