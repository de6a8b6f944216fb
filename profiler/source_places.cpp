#include "profiler/source_places.h"

#include <fmt/format.h>

#include "profiler/profile.h"

namespace mcusim::profiler {

std::uint32_t SourcePlaces::number_of(Address address) {
  const std::optional<emulator::SourceLocation> place = image_.source_at(address);
  if (!place) return InstructionProfile::kNoPlace;
  const auto line = [](const emulator::SourceLine& at) {
    return fmt::format("{}\n{}\n{}\n", at.function, at.file, at.line);
  };
  std::string key = line(place->at);
  for (const emulator::SourceLine& caller : place->inlined_into) key += line(caller);
  const auto [known, is_new] =
      numbers_.try_emplace(std::move(key), static_cast<std::uint32_t>(places_.size()));
  if (is_new) places_.push_back(*place);
  return known->second;
}

}  // namespace mcusim::profiler
