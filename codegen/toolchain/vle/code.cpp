#include "codegen/toolchain/vle/code.h"

#include <fmt/ranges.h>

namespace mcusim::codegen::vle {

void Code::add(std::string_view mnemonic, unsigned size, const std::vector<std::string>& operands) {
  std::string text(mnemonic);
  if (!operands.empty()) text += fmt::format(" {}", fmt::join(operands, ", "));
  lines_.push_back({Line::Kind::instruction, std::move(text), size});
}

void Code::move(Gpr to, Gpr from) {
  constexpr auto is_alternate = [](Gpr reg) { return !is_short(reg); };  // r8 to r23
  if (is_short(to) && is_short(from)) {
    narrow("se_mr", r(to), r(from));
  } else if (is_alternate(to) && is_short(from)) {
    narrow("se_mtar", r(to), r(from));
  } else if (is_short(to) && is_alternate(from)) {
    narrow("se_mfar", r(to), r(from));
  } else {
    wide("mr", r(to), r(from));
  }
}

void Code::load_constant(Gpr to, std::int32_t value) {
  constexpr std::int32_t kLongest = 1 << 19;  // e_li takes 20 bits with a sign.
  if (value >= 0 && value < 128 && is_short(to)) {
    narrow("se_li", r(to), value);
  } else if (value >= -kLongest && value < kLongest) {
    wide("e_li", r(to), value);
  } else {
    const auto bits = static_cast<std::uint32_t>(value);
    wide("e_lis", r(to), bits >> 16);
    if ((bits & 0xffff) != 0) wide("e_or2i", r(to), bits & 0xffff);
  }
}

bool is_sci8(std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    const std::uint32_t others = ~(std::uint32_t{0xff} << shift);
    if ((value & others) == 0 || (value & others) == others) return true;
  }
  return false;
}

}  // namespace mcusim::codegen::vle
