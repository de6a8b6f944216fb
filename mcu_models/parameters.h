#pragma once

#include <cstddef>
#include <cstdint>

#include "mcu_models/reader.h"

namespace mcusim::mcu_models {

/// A number of a timing model, as a member of its parameters.
template <typename Parameters>
struct ParameterKey {
  const char* name;
  unsigned Parameters::*value;
  std::int64_t least, most;
};

/// Each key a table with its value, so that it can name its own source. Throws InputError.
template <typename Parameters, std::size_t N>
Parameters read_parameters(TableReader& reader, const ParameterKey<Parameters> (&keys)[N]) {
  Parameters parameters;
  for (const ParameterKey<Parameters>& key : keys) {
    TableReader entry(reader.require(key.name, "a table with a value"), reader.path_of(key.name));
    parameters.*key.value = static_cast<unsigned>(entry.integer("value", key.least, key.most));
    entry.finish();
  }
  return parameters;
}

}  // namespace mcusim::mcu_models
