#pragma once

#include <cstddef>
#include <cstdint>

#include "emulator/timing/instruction_class.h"

namespace mcusim::emulator {

struct Classification {
  InstructionClass instruction_class = InstructionClass::exception;
  unsigned items = 0;      ///< Words that a load, store or move of several registers transfers.
  bool writes_pc = false;  ///< Goes elsewhere when it is executed (and, if conditional, its condition holds).
  bool conditional = false;  ///< Of its own (B<cond>, CBZ, CBNZ), not through an IT block.
};

/// Sorts Thumb instructions into classes. One instruction is decoded at a time, without the IT state: that
/// changes condition and flag update only, on which no class depends.
class Classifier {
 public:
  Classifier();
  ~Classifier();
  Classifier(const Classifier&) = delete;
  Classifier& operator=(const Classifier&) = delete;

  /// `size` is 2 or 4. Bytes that are no instruction are of class `exception`.
  Classification classify(const std::uint8_t* bytes, std::size_t size) const;

 private:
  std::size_t handle_ = 0;
};

}  // namespace mcusim::emulator
