#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace mcusim::emulator::e200::efpu {

// Scalar single precision on general registers, as the EFPU2 has it in its own default mode (SPE PEM ch. 5,
// EFP2 PEM): no infinities, NaNs or denormal numbers come out. An overflow gives the largest number of its
// sign, a result that is too small gives zero, denormal operands count as zero.
//
// Values pass as register contents. The host computes in double precision, where sums and products of two
// numbers lose at most what an error term tells exactly; rounding to single precision is done on bits, so
// that results do not depend on the host's rounding mode or flags.

/// Bits of SPEFSCR.
inline constexpr std::uint32_t kInexactSticky = 1u << 21, kInvalidSticky = 1u << 20, kDivideSticky = 1u << 19,
                               kUnderflowSticky = 1u << 18, kOverflowSticky = 1u << 17, kGuard = 1u << 13,
                               kRest = 1u << 12, kInvalid = 1u << 11, kDivide = 1u << 10,
                               kUnderflow = 1u << 9, kOverflow = 1u << 8, kInexactEnable = 1u << 6,
                               kInvalidEnable = 1u << 5, kDivideEnable = 1u << 4, kUnderflowEnable = 1u << 3,
                               kOverflowEnable = 1u << 2, kRounding = 3;
inline constexpr std::uint32_t kStatus = kGuard | kRest | kInvalid | kDivide | kUnderflow | kOverflow;
inline constexpr std::uint32_t kEnables =
    kInexactEnable | kInvalidEnable | kDivideEnable | kUnderflowEnable | kOverflowEnable;
inline constexpr std::uint32_t kSign = 0x80000000u, kLargest = 0x7f7fffffu;

enum Rounding : std::uint32_t { to_nearest, to_zero, up, down };

constexpr bool is_special(std::uint32_t x) { return (x & 0x7f800000) == 0x7f800000; }  ///< NaN or infinity.
constexpr bool is_zero(std::uint32_t x) { return (x & 0x7f800000) == 0; }              ///< Or denormal.
constexpr bool is_denormal(std::uint32_t x) { return is_zero(x) && (x & 0x7fffff) != 0; }
constexpr bool is_normal(std::uint32_t x) { return ((x + 0x00800000) & 0x7f000000) != 0; }
constexpr bool is_unusual(std::uint32_t x) { return is_special(x) || is_denormal(x); }
constexpr std::uint32_t largest(std::uint32_t sign) { return (sign & kSign) | kLargest; }

inline double value_of(std::uint32_t x) {
  return static_cast<double>(std::bit_cast<float>(is_zero(x) ? x & kSign : x));
}

constexpr void invalid(std::uint32_t& scr) { scr |= kInvalid | kInvalidSticky; }

/// Whether a magnitude is incremented that is followed by the bits `guard` and `rest`.
constexpr bool rounds_away(std::uint32_t scr, bool negative, bool odd, bool guard, bool rest) {
  switch (static_cast<Rounding>(scr & kRounding)) {
    case to_nearest:
      return guard & (rest | odd);
    case to_zero:
      return false;
    case up:
      return !negative && (guard || rest);
    default:
      return negative && (guard || rest);
  }
}

/// Rounds value + error, where the error is too small for the value's precision. Not for zero. Without
/// branches that depend on the digits, which the host would predict wrongly every other time.
inline std::uint32_t rounded(double value, double error, std::uint32_t& scr) {
  auto bits = std::bit_cast<std::uint64_t>(value);
  const bool negative = (bits >> 63) != 0;
  const bool beyond = error != 0;
  // Bits of the exact magnitude, cut off: one less when the double was rounded away from zero.
  bits -= beyond & ((error < 0) != negative);
  const std::uint32_t sign = negative ? kSign : 0;
  const auto low = static_cast<std::uint32_t>(bits & 0x1fffffff);
  const bool guard = (low >> 28) != 0, rest = beyond || (low & 0x0fffffff) != 0;
  constexpr std::int64_t kBias = 1023 - 127;
  const std::int64_t exponent = static_cast<std::int64_t>(bits >> 52 & 0x7ff) - kBias;
  if (exponent <= 0) [[unlikely]] {
    scr |= kUnderflow | kUnderflowSticky | kInexactSticky;
    return sign;
  }
  std::uint64_t magnitude = static_cast<std::uint64_t>(exponent) << 23 | (bits >> 29 & 0x7fffff);
  magnitude += rounds_away(scr, negative, (magnitude & 1) != 0, guard, rest);
  if (magnitude > kLargest) [[unlikely]] {
    scr |= kOverflow | kOverflowSticky | kInexactSticky;
    return sign | kLargest;
  }
  scr |= kInexactSticky * (guard | rest) | kGuard * guard | kRest * rest;
  return sign | static_cast<std::uint32_t>(magnitude);
}

/// x + y and what its rounding lost.
struct Sum {
  double value, error;
};
inline Sum exact_sum(double x, double y) {
  const double sum = x + y, of_y = sum - x;
  return {sum, (x - (sum - of_y)) + (y - of_y)};
}
/// Whether the exponents are so close that the sum of both has a place for every digit of either: 53 of them,
/// of which a number of single precision has 24 and a carry one.
constexpr bool sums_exactly(std::uint32_t a, std::uint32_t b) {
  constexpr std::uint32_t kMostApart = 28;
  return (a >> 23 & 0xff) - (b >> 23 & 0xff) + kMostApart <= 2 * kMostApart;
}

/// A sum that is zero: minus only when rounding down, or of two zeros that both are.
constexpr std::uint32_t zero_sum(std::uint32_t scr, std::uint32_t a, std::uint32_t b) {
  if (is_zero(a) && is_zero(b) && ((a ^ b) & kSign) == 0) return a & kSign;
  return (scr & kRounding) == down ? kSign : 0;
}

inline std::uint32_t add(std::uint32_t a, std::uint32_t b, std::uint32_t& scr) {
  scr &= ~kStatus;
  if (!is_normal(a) || !is_normal(b)) [[unlikely]] {
    if (is_unusual(a) || is_unusual(b)) invalid(scr);
    if (is_special(a)) return largest(a);
    if (is_special(b)) return largest(b);
  }
  const double x = value_of(a), y = value_of(b);
  const Sum sum = sums_exactly(a, b) ? Sum{x + y, 0} : exact_sum(x, y);
  if (sum.value == 0) return zero_sum(scr, a, b);
  const std::uint32_t result = rounded(sum.value, sum.error, scr);
  // A sum that underflows is no signed zero.
  if ((scr & kUnderflow) != 0) [[unlikely]]
    return (scr & kRounding) == down ? kSign : 0;
  return result;
}
inline std::uint32_t subtract(std::uint32_t a, std::uint32_t b, std::uint32_t& scr) {
  return add(a, b ^ kSign, scr);
}

inline std::uint32_t multiply(std::uint32_t a, std::uint32_t b, std::uint32_t& scr) {
  scr &= ~kStatus;
  const std::uint32_t sign = (a ^ b) & kSign;
  if (!is_normal(a) || !is_normal(b)) [[unlikely]] {
    if (is_unusual(a) || is_unusual(b)) invalid(scr);
    return is_zero(a) || is_zero(b) ? sign : largest(sign);
  }
  return rounded(value_of(a) * value_of(b), 0, scr);
}

inline std::uint32_t divide(std::uint32_t a, std::uint32_t b, std::uint32_t& scr) {
  scr &= ~kStatus;
  const std::uint32_t sign = (a ^ b) & kSign;
  if (is_unusual(a) || is_unusual(b)) [[unlikely]] {
    invalid(scr);
    if (is_special(b)) return sign;
    if (is_special(a) || is_zero(b)) return largest(sign);
  } else if (is_zero(b)) {
    if (is_zero(a))
      invalid(scr);
    else
      scr |= kDivide | kDivideSticky;
    return largest(sign);
  }
  if (is_zero(a)) return sign;
  const double x = value_of(a), y = value_of(b), quotient = x / y;
  // The remainder tells on which side of the quotient the exact one lies.
  const double remainder = std::fma(-quotient, y, x);
  return rounded(quotient, y < 0 ? -remainder : remainder, scr);
}

inline std::uint32_t square_root(std::uint32_t a, std::uint32_t& scr) {
  scr &= ~kStatus;
  if (is_unusual(a)) invalid(scr);
  if (is_zero(a)) return a & kSign;
  if ((a & kSign) != 0) {
    invalid(scr);
    return kSign;
  }
  if (is_special(a)) return kLargest;
  const double x = value_of(a), root = std::sqrt(x);
  return rounded(root, std::fma(-root, root, x), scr);
}

/// a * b + addend with one rounding.
inline std::uint32_t multiply_add(std::uint32_t a, std::uint32_t b, std::uint32_t addend,
                                  std::uint32_t& scr) {
  scr &= ~kStatus;
  const std::uint32_t sign = (a ^ b) & kSign;
  if (!is_normal(a) || !is_normal(b) || !is_normal(addend)) [[unlikely]] {
    if (is_unusual(a) || is_unusual(b) || is_unusual(addend)) invalid(scr);
    const bool no_product = is_zero(a) || is_zero(b);
    if (!no_product && (is_special(a) || is_special(b))) return largest(sign);
    if (is_special(addend)) return largest(addend);
    if (no_product) return is_zero(addend) ? zero_sum(scr, sign, addend) : addend;
  }
  const Sum sum = exact_sum(value_of(a) * value_of(b), value_of(addend));
  if (sum.value == 0) return (scr & kRounding) == down ? kSign : 0;
  return rounded(sum.value, sum.error, scr);
}

/// The order of what a comparison sees: magnitudes as they stand, whatever they mean; zeros are equal.
constexpr std::int64_t ordinal(std::uint32_t x) {
  const auto magnitude = static_cast<std::int64_t>(x & ~kSign);
  return (x & kSign) != 0 ? -magnitude : magnitude;
}
inline void note_operands(std::uint32_t a, std::uint32_t b, std::uint32_t& scr) {
  scr &= ~kStatus;
  if (is_unusual(a) || is_unusual(b)) [[unlikely]]
    invalid(scr);
}
inline std::uint32_t maximum(std::uint32_t a, std::uint32_t b, std::uint32_t& scr) {
  note_operands(a, b, scr);
  if (is_zero(a) && is_zero(b)) return a & b & kSign;
  return ordinal(a) >= ordinal(b) ? a : b;
}
inline std::uint32_t minimum(std::uint32_t a, std::uint32_t b, std::uint32_t& scr) {
  note_operands(a, b, scr);
  if (is_zero(a) && is_zero(b)) return (a | b) & kSign;
  return ordinal(a) <= ordinal(b) ? a : b;
}

// efpu_conversions.cpp
std::uint32_t from_integer(double exact, std::uint32_t& scr);
/// `scale`: 0 for integers, 31 or 32 for fractions. `scr` decides the rounding unless `truncate`.
std::uint32_t to_signed(std::uint32_t x, int scale, bool truncate, std::uint32_t& scr);
std::uint32_t to_unsigned(std::uint32_t x, int scale, bool truncate, std::uint32_t& scr);
std::uint32_t from_half(std::uint32_t half, std::uint32_t& scr);
std::uint32_t to_half(std::uint32_t x, std::uint32_t& scr);

}  // namespace mcusim::emulator::e200::efpu
