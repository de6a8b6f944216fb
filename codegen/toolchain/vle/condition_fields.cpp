#include "codegen/toolchain/vle/condition_fields.h"

#include <array>

namespace mcusim::codegen::vle {

std::string Condition::name() const {
  constexpr std::array<const char*, 4> kSet = {"lt", "gt", "eq", "so"};
  constexpr std::array<const char*, 4> kClear = {"ge", "le", "ne", "ns"};
  return (value ? kSet : kClear)[bit % 4];
}

}  // namespace mcusim::codegen::vle
