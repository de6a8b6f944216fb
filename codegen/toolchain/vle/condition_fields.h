#pragma once

#include <string>

namespace mcusim::codegen::vle {

/// VLE's conditional branches reach CR0 to CR3 only, while clang prefers CR0, CR1, CR5, CR6 and CR7, the
/// volatile fields, to CR2, CR3 and CR4, which calls preserve. So fields 2, 3, 4 and 5, 6, 7 change places.
inline constexpr unsigned vle_field(unsigned field) {
  if (field < 2) return field;
  return field < 5 ? field + 3 : field - 3;
}

inline constexpr unsigned vle_bit(unsigned bit) { return 4 * vle_field(bit / 4) + bit % 4; }

/// Fields from here on cannot be branched on.
inline constexpr unsigned kBranchFields = 4;

/// A bit of the condition register and the value that is waited for.
struct Condition {
  unsigned bit = 0;  ///< VLE's numbering, 0 to 31.
  bool value = true;

  Condition inverted() const { return {bit, !value}; }
  unsigned field() const { return bit / 4; }
  /// "lt", "ge" and so on.
  std::string name() const;
};

}  // namespace mcusim::codegen::vle
