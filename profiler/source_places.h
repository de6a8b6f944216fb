#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "emulator/image/image.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// Source places of instructions, each once.
class SourcePlaces {
 public:
  /// `image` must outlive it.
  explicit SourcePlaces(const emulator::Image& image) : image_(image) {}

  /// InstructionProfile::kNoPlace when nothing is known.
  std::uint32_t number_of(Address address);
  std::vector<emulator::SourceLocation> all() && { return std::move(places_); }

 private:
  const emulator::Image& image_;
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<emulator::SourceLocation> places_;
};

/// Where the code of the image comes from, whether it was executed or not. Fills Profile::source_files, once
/// its functions are there.
void fill_source_files(const emulator::Image& image, Profile& profile);

}  // namespace mcusim::profiler
