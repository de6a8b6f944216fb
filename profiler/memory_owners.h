#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"

namespace mcusim::profiler {

/// What lies at an address, by number: a function or object of the symbol table; where there is none,
/// "(stack)" or "(heap)" where symbols of the linker tell, or else the memory: "(dtcm)".
class MemoryOwners {
 public:
  /// Both must outlive it. The stack pointer stands where the stack begins.
  MemoryOwners(emulator::Machine& machine, const emulator::Image& image);

  std::uint32_t at(Address address);
  const std::string& name(std::uint32_t owner) const { return names_[owner]; }

 private:
  struct Span {
    std::uint64_t begin, end;
    std::uint32_t owner;
  };
  std::uint32_t number_of(const std::string& name);
  const Span* covering(Address address) const;

  emulator::Machine& machine_;
  std::vector<Span> spans_;  ///< Apart from each other, ascending.
  std::vector<std::string> names_;
  std::map<std::string, std::uint32_t> numbers_;
};

}  // namespace mcusim::profiler
