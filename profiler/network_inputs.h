#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/network_note.h"
#include "common/npy.h"

namespace mcusim::profiler {

/// Samples for the inputs of a network, converted to what the network takes.
struct NetworkInputs {
  std::vector<std::vector<std::vector<std::uint8_t>>> samples;  ///< [sample][input] raw bytes.
  bool has_sample_axis = false;                                 ///< The arrays had a leading axis of samples.
};

/// `files[i]` names the origin of `arrays[i]` for messages; one array per input tensor, in the note's order.
/// An array has the tensor's shape, or one more leading axis of samples (in place of a batch of 1 or before
/// the shape). float32 data for an integer tensor is quantised with its scale and zero point. Throws
/// InputError for a wrong number, shape or type.
NetworkInputs convert_inputs(const NetworkNote& note, const std::vector<NpyArray>& arrays,
                             const std::vector<std::string>& files);

}  // namespace mcusim::profiler
