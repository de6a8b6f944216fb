#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "emulator/image/image.h"

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

}  // namespace mcusim::profiler
