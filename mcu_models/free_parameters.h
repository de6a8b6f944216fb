#pragma once

#include <string>
#include <vector>

namespace mcusim::mcu_models {

/// A number of the memory system that no source gives, so that a board's times may decide it.
struct FreeParameter {
  std::string section;  ///< Of a part's file: "line_fill", "core_override.pipeline".
  std::string key;      ///< A table with a value: "ram_overhead".
  unsigned value = 0;

  std::string name() const { return section + "." + key; }
};

/// Those of a built-in MCU whose status is "assumed"; empty where every number of its memory system has a
/// source. Throws InputError on an unknown name.
std::vector<FreeParameter> free_parameters(const std::string& mcu);

/// A part's file: that of the built-in MCU, by its name, with these values. `source` says where they come
/// from; their status is "measured".
std::string part_with(const std::string& mcu, const std::vector<FreeParameter>& parameters,
                      const std::string& source);

}  // namespace mcusim::mcu_models
