#include "profiler/source_places.h"

#include <fmt/format.h>

#include <set>

#include "emulator/image/debug_info.h"

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

void fill_source_files(const emulator::Image& image, Profile& profile) {
  if (image.debug == nullptr) return;
  std::map<std::string, std::size_t> place;
  for (auto& [file, lines] :
       image.debug->code_lines([&](Address address) { return address != 0 && image.is_code(address); })) {
    place[file] = profile.source_files.size();
    profile.source_files.push_back({file, {lines.begin(), lines.end()}, {}});
  }
  std::set<Address> executed;
  for (const FunctionProfile& function : profile.functions) executed.insert(function.address);
  for (const emulator::Symbol& symbol : image.symbols) {
    if (!symbol.is_function || !executed.insert(symbol.address).second) continue;
    const auto source = image.source_at(symbol.address);
    if (!source) continue;
    const emulator::SourceLine& at = source->inlined_into.empty() ? source->at : source->inlined_into.back();
    const auto file = place.find(at.file);
    if (file != place.end() && at.line != 0)
      profile.source_files[file->second].idle.push_back({symbol.name, at.line});
  }
}

}  // namespace mcusim::profiler
