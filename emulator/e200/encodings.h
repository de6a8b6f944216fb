#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "emulator/e200/operation.h"

namespace mcusim::emulator::e200 {

/// One encoding of the VLE manuals.
struct Encoding {
  /// Most significant bit first, spaces ignored. 0 and 1 are fixed, '.' is not looked at, every letter names
  /// a field. v, r and k are OE, Rc and LK: they select the variant of `code`.
  std::string_view pattern;
  std::string_view mnemonic;  ///< Without the "o", "." and "l" that OE, Rc and LK add.
  Code code;
  std::string_view operands;  ///< As a disassembler prints them: letters of operands.h, the rest literally.
  InstructionClass instruction_class;
};

/// Of encodings that overlap, the first one holds.
std::span<const Encoding> encodings16();
std::span<const Encoding> encodings32();

}  // namespace mcusim::emulator::e200
