#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/units.h"

namespace mcusim::emulator {

struct Image;

/// Memory that was set aside for one stack: a stack pointer in it lies in (limit, top].
struct StackArea {
  Address limit = 0;  ///< Lowest address that belongs to the stack.
  Address top = 0;
  std::string name;  ///< The symbol that tells the limit.

  bool holds(std::uint32_t sp) const { return sp > limit && sp <= top; }
  /// Also when it is full to its last byte.
  bool may_have(std::uint32_t sp) const { return sp == limit || holds(sp); }
};

/// Where the stacks of an image end, as far as its symbols tell: by the pairs of symbols that linker scripts
/// and start-up files set at the ends of a stack, else by the object that a stack pointer lies in, else, for
/// a stack below `_estack`, by the end of the static data.
class StackAreas {
 public:
  StackAreas() = default;
  explicit StackAreas(const Image& image);

  /// The stack that `sp` belongs to; nothing where no symbol tells.
  std::optional<StackArea> of(std::uint32_t sp) const;

 private:
  std::vector<StackArea> pairs_;
  std::vector<StackArea> objects_;  ///< By limit.
  std::optional<StackArea> above_data_;
};

}  // namespace mcusim::emulator
