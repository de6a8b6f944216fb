#include "emulator/e200/efpu.h"

namespace mcusim::emulator::e200::efpu {
namespace {

/// A magnitude as an integer, rounded, with what was cut off.
struct Cut {
  std::uint64_t integer;
  bool guard, rest;
};
Cut cut(std::uint32_t x, int scale) {
  const double magnitude = std::ldexp(std::fabs(value_of(x)), scale);
  // Far out of range whatever the format; keeps the conversion defined.
  if (magnitude >= 0x1p40) return {std::uint64_t{1} << 40, false, false};
  const auto integer = static_cast<std::uint64_t>(magnitude);
  const double fraction = magnitude - static_cast<double>(integer);
  return {integer, fraction >= 0.5, fraction != 0 && fraction != 0.5};
}

std::uint64_t round_magnitude(std::uint32_t x, int scale, bool truncate, std::uint32_t& scr,
                              std::uint64_t limit) {
  const Cut parts = cut(x, scale);
  const std::uint32_t mode = truncate ? static_cast<std::uint32_t>(to_zero) : scr;
  const bool away = rounds_away(mode, (x & kSign) != 0, (parts.integer & 1) != 0, parts.guard, parts.rest);
  const std::uint64_t result = parts.integer + (away ? 1 : 0);
  if (result > limit) {
    invalid(scr);
    return limit;
  }
  if (parts.guard || parts.rest)
    scr |= kInexactSticky | (parts.guard ? kGuard : 0) | (parts.rest ? kRest : 0);
  return result;
}

bool is_nan(std::uint32_t x) { return is_special(x) && (x & 0x7fffff) != 0; }

}  // namespace

std::uint32_t from_integer(double exact, std::uint32_t& scr) {
  scr &= ~kStatus;
  return exact == 0 ? 0 : rounded(exact, 0, scr);
}

std::uint32_t to_signed(std::uint32_t x, int scale, bool truncate, std::uint32_t& scr) {
  note_operands(x, 0, scr);
  if (is_nan(x) || is_zero(x)) return 0;
  const bool negative = (x & kSign) != 0;
  const std::uint64_t limit = negative ? 0x80000000u : 0x7fffffffu;
  if (is_special(x)) return static_cast<std::uint32_t>(limit);
  const auto magnitude = static_cast<std::uint32_t>(round_magnitude(x, scale, truncate, scr, limit));
  return negative ? 0 - magnitude : magnitude;
}

std::uint32_t to_unsigned(std::uint32_t x, int scale, bool truncate, std::uint32_t& scr) {
  note_operands(x, 0, scr);
  if (is_nan(x) || is_zero(x)) return 0;
  const std::uint64_t limit = (x & kSign) != 0 ? 0 : 0xffffffffu;
  if (is_special(x)) return static_cast<std::uint32_t>(limit);
  return static_cast<std::uint32_t>(round_magnitude(x, scale, truncate, scr, limit));
}

std::uint32_t from_half(std::uint32_t half, std::uint32_t& scr) {
  scr &= ~kStatus;
  const std::uint32_t sign = (half & 0x8000) << 16, exponent = half >> 10 & 31, fraction = half & 0x3ff;
  if (exponent == 31) {
    invalid(scr);
    return largest(sign);
  }
  if (exponent == 0) {
    if (fraction != 0) invalid(scr);
    return sign;
  }
  return sign | (exponent + 127 - 15) << 23 | fraction << 13;
}

std::uint32_t to_half(std::uint32_t x, std::uint32_t& scr) {
  note_operands(x, 0, scr);
  const std::uint32_t sign = x >> 16 & 0x8000;
  if (is_special(x)) return sign | 0x7bff;
  if (is_zero(x)) return sign;
  const std::int32_t exponent = static_cast<std::int32_t>(x >> 23 & 0xff) - 127 + 15;
  if (exponent <= 0) {
    scr |= kUnderflow | kUnderflowSticky | kInexactSticky;
    return sign;
  }
  const bool guard = (x & 0x1000) != 0, rest = (x & 0xfff) != 0;
  std::uint32_t magnitude = static_cast<std::uint32_t>(exponent) << 10 | (x >> 13 & 0x3ff);
  if (rounds_away(scr, sign != 0, (magnitude & 1) != 0, guard, rest)) ++magnitude;
  if (magnitude > 0x7bff) {
    scr |= kOverflow | kOverflowSticky | kInexactSticky;
    return sign | 0x7bff;
  }
  if (guard || rest) scr |= kInexactSticky | (guard ? kGuard : 0) | (rest ? kRest : 0);
  return sign | magnitude;
}

}  // namespace mcusim::emulator::e200::efpu
