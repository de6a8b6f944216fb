#pragma once

#include <cstddef>
#include <string>

#include "emulator/bus/bus.h"

namespace mcusim::profiler {

/// Instructions of a Cortex-M as text, by Capstone.
class Disassembler {
 public:
  struct Line {
    std::string text;   ///< "push {r4, lr}"; empty: not known.
    unsigned size = 0;  ///< Bytes; 0: not known.
  };

  /// `bus` must outlive it.
  explicit Disassembler(const emulator::Bus& bus);
  ~Disassembler();
  Disassembler(const Disassembler&) = delete;
  Disassembler& operator=(const Disassembler&) = delete;

  Line at(Address address) const;

 private:
  const emulator::Bus& bus_;
  std::size_t handle_ = 0;  ///< Capstone's csh; 0: it could not be opened.
};

}  // namespace mcusim::profiler
