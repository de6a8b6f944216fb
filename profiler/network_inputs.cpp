#include "profiler/network_inputs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "common/error.h"

namespace mcusim::profiler {
namespace {

std::int64_t element_count(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t dimension : shape) count *= dimension;
  return count;
}

/// Samples in an array for a tensor: empty shape difference 1, a leading axis its length, 0 when it does not
/// fit.
std::int64_t sample_count(const std::vector<std::int64_t>& array, const std::vector<std::int64_t>& tensor,
                          bool& has_axis) {
  has_axis = false;
  if (array == tensor) return 1;
  has_axis = true;
  const auto rest_equals = [&](std::size_t skip) {
    return !array.empty() && array.size() - 1 == tensor.size() - skip &&
           std::equal(array.begin() + 1, array.end(), tensor.begin() + static_cast<std::ptrdiff_t>(skip));
  };
  const bool batch_of_one = !tensor.empty() && tensor[0] == 1;
  return rest_equals(0) || (batch_of_one && rest_equals(1)) ? array[0] : 0;
}

template <typename T>
void quantize(const NpyArray& array, const NoteTensor& tensor, std::vector<std::uint8_t>& bytes) {
  const std::size_t count = array.bytes.size() / sizeof(float);
  bytes.resize(count * sizeof(T));
  for (std::size_t i = 0; i < count; ++i) {
    float real = 0;
    std::memcpy(&real, &array.bytes[i * sizeof real], sizeof real);
    // Round half away from zero, as TensorFlow Lite does; NaN becomes the zero point.
    double value = std::isnan(real) ? 0 : std::round(static_cast<double>(real) / tensor.scale);
    value += static_cast<double>(tensor.zero_point);
    const auto quantised =
        static_cast<T>(std::clamp(value, static_cast<double>(std::numeric_limits<T>::min()),
                                  static_cast<double>(std::numeric_limits<T>::max())));
    std::memcpy(&bytes[i * sizeof(T)], &quantised, sizeof(T));
  }
}

/// The array's bytes in the tensor's type.
std::vector<std::uint8_t> convert(const NpyArray& array, const NoteTensor& tensor, const std::string& file) {
  if (array.type == tensor.type) return array.bytes;
  std::vector<std::uint8_t> bytes;
  if (array.type == DataType::float32 && tensor.scale != 0) {
    switch (tensor.type) {
      case DataType::int8:
        quantize<std::int8_t>(array, tensor, bytes);
        return bytes;
      case DataType::uint8:
        quantize<std::uint8_t>(array, tensor, bytes);
        return bytes;
      case DataType::int16:
        quantize<std::int16_t>(array, tensor, bytes);
        return bytes;
      default:
        break;
    }
  }
  throw InputError(fmt::format("{}: holds {}, but input '{}' takes {}; convert it with numpy's astype", file,
                               name_of(array.type), tensor.name, name_of(tensor.type)));
}

}  // namespace

NetworkInputs convert_inputs(const NetworkNote& note, const std::vector<NpyArray>& arrays,
                             const std::vector<std::string>& files) {
  if (arrays.size() != note.inputs.size()) {
    throw InputError(
        fmt::format("--input: {} given, but network '{}' has {} input(s); give one file per input",
                    arrays.size(), note.name, note.inputs.size()));
  }
  NetworkInputs inputs;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const NoteTensor& tensor = note.inputs[i];
    bool has_axis = false;
    const std::int64_t samples = sample_count(arrays[i].shape, tensor.shape, has_axis);
    if (samples < 1) {
      throw InputError(
          fmt::format("{}: shape ({}) does not fit input '{}' of shape ({}); reshape it, a leading sample "
                      "axis is allowed",
                      files[i], fmt::join(arrays[i].shape, ","), tensor.name, fmt::join(tensor.shape, ",")));
    }
    if (i == 0) {
      inputs.samples.resize(static_cast<std::size_t>(samples));
    } else if (inputs.samples.size() != static_cast<std::size_t>(samples)) {
      throw InputError(fmt::format("{}: has {} sample(s), {} has {}; give the same number for each input",
                                   files[i], samples, files[0], inputs.samples.size()));
    }
    inputs.has_sample_axis |= has_axis;
    const std::vector<std::uint8_t> bytes = convert(arrays[i], tensor, files[i]);
    const std::size_t size = static_cast<std::size_t>(element_count(tensor.shape)) * size_of(tensor.type);
    for (std::size_t sample = 0; sample < inputs.samples.size(); ++sample) {
      const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(sample * size);
      inputs.samples[sample].emplace_back(begin, begin + static_cast<std::ptrdiff_t>(size));
    }
  }
  return inputs;
}

}  // namespace mcusim::profiler
