#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// What a profile is compared with: cost by part, whoever measured it. Parts are layers; of profiles without
/// layers, functions.
struct Reference {
  enum class Unit : std::uint8_t { cycles, milliseconds };
  struct Part {
    std::string name;
    std::optional<std::int64_t>
        index;  ///< Of the layer. Parts with an index are matched by it, others by name.
    double cost = 0;
    CyclesByCause stalls = {};
  };

  std::string title;  ///< "board log of net on stm32h743", for people.
  Unit unit = Unit::cycles;
  std::vector<Part> parts;
  std::optional<double> total;            ///< With what is between the parts; empty: not measured.
  std::vector<std::string> stall_causes;  ///< What Part::stalls is indexed by.
};

/// A profile's layers by name, so that other networks and microcontrollers compare, or its functions.
Reference reference_of(const Profile& profile);

/// The log that firmware of mcusim build prints over the board's UART (docs/firmware.md), from the line
/// "mcusim-log 1" to "end"; other text may stand around it. Throws InputError naming `file`.
Reference read_board_log(std::string_view text, std::string_view file);

/// Lines of `layer,cycles` or `name,ms`, as the first line says; more columns are not read. A layer is an
/// index or a name; the row "total" is the sum with what lies between layers. Fields with commas stand in
/// quotes. Throws InputError naming `file`.
Reference read_latency_csv(std::string_view text, std::string_view file);

/// Any of the three, told apart by content. Throws InputError.
Reference read_reference(const std::filesystem::path& file);

}  // namespace mcusim::profiler
