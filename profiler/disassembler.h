#pragma once

#include <memory>
#include <string>

#include "emulator/machine.h"

namespace mcusim::profiler {

/// Instructions of a machine's core as text: Thumb by Capstone, VLE by the emulator's own disassembler.
class Disassembler {
 public:
  struct Line {
    std::string text;   ///< "push {r4, lr}"; empty: not known.
    unsigned size = 0;  ///< Bytes; 0: not known.
  };

  /// `machine` must outlive it.
  explicit Disassembler(const emulator::Machine& machine);
  ~Disassembler();

  Line at(Address address) const;

 private:
  struct Language;
  struct Thumb;
  struct Vle;

  const emulator::Bus& bus_;
  std::unique_ptr<Language> language_;
};

}  // namespace mcusim::profiler
