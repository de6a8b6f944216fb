#include <utility>

#include "emulator/cortex_m/fpu/fpu.h"
#include "emulator/cortex_m/fpu/unpacked.h"

namespace mcusim::emulator::fpu {
namespace {

/// A value of twice the width: significand * 2^(exponent - 127), bit 127 or lower leading.
struct Wide {
  bool negative = false;
  int exponent = 0;
  Uint128 significand = 0;
};

int leading_zeros(Uint128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  return high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(static_cast<std::uint64_t>(value));
}

/// Normalises a non-zero value and keeps 64 bits of it, the lowest sticky.
Unpacked narrowed(Wide value) {
  const int shift = leading_zeros(value.significand);
  const Uint128 aligned = value.significand << shift;
  const std::uint64_t sticky = static_cast<std::uint64_t>(aligned) != 0 ? 1 : 0;
  return {Kind::finite, value.negative, value.exponent - shift,
          static_cast<std::uint64_t>(aligned >> 64) | sticky};
}

/// Two bits of headroom for the carry; the bits given up are zero in every caller's operands.
Wide widened(const Unpacked& value) {
  return {value.negative, value.exponent + 2, static_cast<Uint128>(value.significand) << 62};
}

Wide exact_product(const Unpacked& a, const Unpacked& b) {
  // The product of the two leading ones has weight 2^126 = 2^(63 + 63).
  return {a.negative != b.negative, a.exponent + b.exponent + 1,
          static_cast<Uint128>(a.significand) * b.significand};
}

/// a + b for finite non-zero values, rounded once. At least one leading bit of each significand is zero, and
/// at least 20 trailing ones are: a sticky bit then never meets a cancellation of more than one place.
template <typename Format>
typename Format::Bits sum(Wide a, Wide b, Fpscr& fpscr) {
  if (a.exponent < b.exponent) std::swap(a, b);
  b.significand = shift_right_sticky(b.significand, a.exponent - b.exponent);
  if (a.negative == b.negative) {
    a.significand += b.significand;
  } else if (a.significand >= b.significand) {
    a.significand -= b.significand;
  } else {
    a.significand = b.significand - a.significand;
    a.negative = b.negative;
  }
  if (a.significand == 0) return signed_bits<Format>(fpscr.rounding() == Rounding::toward_minus, 0);
  return round_and_pack<Format>(narrowed(a), fpscr);
}

template <typename Format>
typename Format::Bits add_or_subtract(typename Format::Bits a, typename Format::Bits b, bool negate_b,
                                      Fpscr& fpscr) {
  const Unpacked x = unpack<Format>(a, fpscr);
  Unpacked y = unpack<Format>(b, fpscr);
  if (x.is_nan() || y.is_nan()) return process_nans<Format>(x.kind, a, y.kind, b, fpscr);
  y.negative ^= negate_b;
  if (x.is_infinity() || y.is_infinity()) {
    if (x.is_infinity() && y.is_infinity() && x.negative != y.negative)
      return invalid_operation<Format>(fpscr);
    return signed_bits<Format>(x.is_infinity() ? x.negative : y.negative, Format::kInfinity);
  }
  if (x.is_zero() && y.is_zero()) {
    const bool negative = x.negative == y.negative ? x.negative : fpscr.rounding() == Rounding::toward_minus;
    return signed_bits<Format>(negative, 0);
  }
  if (x.is_zero()) return round_and_pack<Format>(y, fpscr);
  if (y.is_zero()) return round_and_pack<Format>(x, fpscr);
  return sum<Format>(widened(x), widened(y), fpscr);
}

/// The larger (or smaller) of two operands that are not NaN; -0 counts as less than +0.
template <typename Format>
typename Format::Bits extremum(typename Format::Bits a, typename Format::Bits b, bool maximum, Fpscr& fpscr) {
  const Unpacked x = unpack<Format>(a, fpscr);
  const Unpacked y = unpack<Format>(b, fpscr);
  // Once flushed inputs are zero, the patterns order as sign and magnitude.
  if (x.is_zero()) a &= Format::kSignBit;
  if (y.is_zero()) b &= Format::kSignBit;
  const auto key = [](typename Format::Bits bits) {
    return (bits & Format::kSignBit) != 0 ? static_cast<typename Format::Bits>(~bits)
                                          : static_cast<typename Format::Bits>(bits | Format::kSignBit);
  };
  return (key(a) > key(b)) == maximum ? a : b;
}

/// (FPMaxNum, FPMinNum)
template <typename Format>
typename Format::Bits extremum_number(typename Format::Bits a, typename Format::Bits b, bool maximum,
                                      Fpscr& fpscr) {
  const Kind kind_a = unpack<Format>(a, fpscr).kind;
  const Kind kind_b = unpack<Format>(b, fpscr).kind;
  const typename Format::Bits loser = signed_bits<Format>(maximum, Format::kInfinity);
  if (kind_a == Kind::quiet_nan && kind_b < Kind::quiet_nan)
    return extremum<Format>(loser, b, maximum, fpscr);
  if (kind_b == Kind::quiet_nan && kind_a < Kind::quiet_nan)
    return extremum<Format>(a, loser, maximum, fpscr);
  if (kind_a >= Kind::quiet_nan || kind_b >= Kind::quiet_nan) {
    return process_nans<Format>(kind_a, a, kind_b, b, fpscr);
  }
  return extremum<Format>(a, b, maximum, fpscr);
}

}  // namespace

namespace integer {

template <typename Format>
typename Format::Bits add(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  return add_or_subtract<Format>(a, b, false, fpscr);
}

template <typename Format>
typename Format::Bits subtract(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  return add_or_subtract<Format>(a, b, true, fpscr);
}

template <typename Format>
typename Format::Bits multiply(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  const Unpacked x = unpack<Format>(a, fpscr);
  const Unpacked y = unpack<Format>(b, fpscr);
  if (x.is_nan() || y.is_nan()) return process_nans<Format>(x.kind, a, y.kind, b, fpscr);
  const bool negative = x.negative != y.negative;
  if (x.is_infinity() || y.is_infinity()) {
    if (x.is_zero() || y.is_zero()) return invalid_operation<Format>(fpscr);
    return signed_bits<Format>(negative, Format::kInfinity);
  }
  if (x.is_zero() || y.is_zero()) return signed_bits<Format>(negative, 0);
  return round_and_pack<Format>(narrowed(exact_product(x, y)), fpscr);
}

template <typename Format>
typename Format::Bits divide(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  const Unpacked x = unpack<Format>(a, fpscr);
  const Unpacked y = unpack<Format>(b, fpscr);
  if (x.is_nan() || y.is_nan()) return process_nans<Format>(x.kind, a, y.kind, b, fpscr);
  const bool negative = x.negative != y.negative;
  if ((x.is_infinity() && y.is_infinity()) || (x.is_zero() && y.is_zero()))
    return invalid_operation<Format>(fpscr);
  if (x.is_infinity() || y.is_zero()) {
    if (!x.is_infinity()) fpscr.raise(Fpscr::kDivideByZero);
    return signed_bits<Format>(negative, Format::kInfinity);
  }
  if (x.is_zero() || y.is_infinity()) return signed_bits<Format>(negative, 0);
  const Uint128 dividend = static_cast<Uint128>(x.significand) << 63;
  const auto quotient = static_cast<std::uint64_t>(dividend / y.significand);
  const std::uint64_t sticky = static_cast<Uint128>(quotient) * y.significand != dividend ? 1 : 0;
  return round_and_pack<Format>(normalised(negative, x.exponent - y.exponent, quotient | sticky), fpscr);
}

template <typename Format>
typename Format::Bits fused_multiply_add(typename Format::Bits addend, typename Format::Bits a,
                                         typename Format::Bits b, Fpscr& fpscr) {
  const Unpacked z = unpack<Format>(addend, fpscr);
  const Unpacked x = unpack<Format>(a, fpscr);
  const Unpacked y = unpack<Format>(b, fpscr);
  const bool product_invalid = (x.is_infinity() && y.is_zero()) || (x.is_zero() && y.is_infinity());
  // An invalid product beats a quiet NaN as addend (FPMulAdd), though not a signalling one.
  if (product_invalid && z.kind != Kind::signalling_nan) return invalid_operation<Format>(fpscr);
  // (FPProcessNaNs3) Of two NaNs the addend comes first; a quiet addend yields only to a signalling factor.
  if (z.is_nan() || x.is_nan() || y.is_nan()) {
    if (z.kind == Kind::signalling_nan) return process_nan<Format>(z.kind, addend, fpscr);
    const bool factor_signals = x.kind == Kind::signalling_nan || y.kind == Kind::signalling_nan;
    if (z.kind == Kind::quiet_nan && !factor_signals) return process_nan<Format>(z.kind, addend, fpscr);
    return process_nans<Format>(x.kind, a, y.kind, b, fpscr);
  }
  const bool product_negative = x.negative != y.negative;
  if (x.is_infinity() || y.is_infinity()) {
    if (z.is_infinity() && z.negative != product_negative) return invalid_operation<Format>(fpscr);
    return signed_bits<Format>(product_negative, Format::kInfinity);
  }
  if (z.is_infinity()) return signed_bits<Format>(z.negative, Format::kInfinity);
  if (x.is_zero() || y.is_zero()) {
    if (!z.is_zero()) return round_and_pack<Format>(z, fpscr);
    const bool negative =
        z.negative == product_negative ? z.negative : fpscr.rounding() == Rounding::toward_minus;
    return signed_bits<Format>(negative, 0);
  }
  Wide product = exact_product(x, y);
  if (z.is_zero()) return round_and_pack<Format>(narrowed(product), fpscr);
  product.significand >>= 1;  // trailing zeros of the operands make this exact
  product.exponent += 1;
  return sum<Format>(product, widened(z), fpscr);
}

template <typename Format>
void compare(typename Format::Bits a, typename Format::Bits b, bool signal_quiet_nan, Fpscr& fpscr) {
  const Unpacked x = unpack<Format>(a, fpscr);
  const Unpacked y = unpack<Format>(b, fpscr);
  if (x.is_nan() || y.is_nan()) {
    const bool signalling = x.kind == Kind::signalling_nan || y.kind == Kind::signalling_nan;
    if (signalling || signal_quiet_nan) fpscr.raise(Fpscr::kInvalid);
    fpscr.set_condition(Fpscr::kUnordered);
    return;
  }
  if (x.is_zero() && y.is_zero()) return fpscr.set_condition(Fpscr::kEqual);
  const auto magnitude_a = x.is_zero() ? 0 : absolute<Format>(a);
  const auto magnitude_b = y.is_zero() ? 0 : absolute<Format>(b);
  if (x.negative == y.negative && magnitude_a == magnitude_b) return fpscr.set_condition(Fpscr::kEqual);
  const bool less = x.negative != y.negative ? x.negative : (magnitude_a < magnitude_b) != x.negative;
  fpscr.set_condition(less ? Fpscr::kLess : Fpscr::kGreater);
}

template <typename Format>
typename Format::Bits square_root(typename Format::Bits a, Fpscr& fpscr) {
  const Unpacked x = unpack<Format>(a, fpscr);
  if (x.is_nan()) return process_nan<Format>(x.kind, a, fpscr);
  if (x.is_zero()) return signed_bits<Format>(x.negative, 0);
  if (x.negative) return invalid_operation<Format>(fpscr);
  if (x.is_infinity()) return Format::kInfinity;
  // One result bit for each pair of radicand bits, from the top; an even exponent leaves the first pair 01.
  constexpr int kResultBits = Format::kFractionBits + 3;
  const bool odd = (x.exponent & 1) != 0;
  std::uint64_t radicand = odd ? x.significand : x.significand >> 1;
  std::uint64_t root = 0;
  std::uint64_t remainder = 0;
  for (int bit = 0; bit < kResultBits; ++bit) {
    remainder = remainder << 2 | radicand >> 62;
    radicand <<= 2;
    const std::uint64_t trial = root << 2 | 1;
    root <<= 1;
    if (remainder >= trial) {
      remainder -= trial;
      root |= 1;
    }
  }
  const std::uint64_t sticky = remainder != 0 || radicand != 0 ? 1 : 0;
  const int exponent = (x.exponent - (odd ? 1 : 0)) / 2;
  return round_and_pack<Format>({Kind::finite, false, exponent, root << (64 - kResultBits) | sticky}, fpscr);
}

template <typename Format>
typename Format::Bits max_number(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  return extremum_number<Format>(a, b, true, fpscr);
}

template <typename Format>
typename Format::Bits min_number(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  return extremum_number<Format>(a, b, false, fpscr);
}

#define MCUSIM_INSTANTIATE(Format)                                                                    \
  template Format::Bits add<Format>(Format::Bits, Format::Bits, Fpscr&);                              \
  template Format::Bits subtract<Format>(Format::Bits, Format::Bits, Fpscr&);                         \
  template Format::Bits multiply<Format>(Format::Bits, Format::Bits, Fpscr&);                         \
  template Format::Bits divide<Format>(Format::Bits, Format::Bits, Fpscr&);                           \
  template Format::Bits fused_multiply_add<Format>(Format::Bits, Format::Bits, Format::Bits, Fpscr&); \
  template Format::Bits square_root<Format>(Format::Bits, Fpscr&);                                    \
  template Format::Bits max_number<Format>(Format::Bits, Format::Bits, Fpscr&);                       \
  template Format::Bits min_number<Format>(Format::Bits, Format::Bits, Fpscr&);                       \
  template void compare<Format>(Format::Bits, Format::Bits, bool, Fpscr&);
MCUSIM_INSTANTIATE(Single)
MCUSIM_INSTANTIATE(Double)
#undef MCUSIM_INSTANTIATE

}  // namespace integer
}  // namespace mcusim::emulator::fpu
