#include <optional>

#include "emulator/cortex_m/fpu/fpu.h"
#include "emulator/cortex_m/fpu/unpacked.h"

namespace mcusim::emulator::fpu {
namespace {

struct Integral {
  std::uint64_t magnitude = 0;
  bool inexact = false;
};

/// |value| * 2^scale as an integer. Magnitudes of 2^62 and above come back as 2^62: no caller tells them
/// apart.
Integral rounded_magnitude(const Unpacked& value, int scale, Rounding rounding) {
  constexpr int kCeiling = 62;
  const int exponent = value.exponent + scale;
  if (exponent >= kCeiling) return {std::uint64_t{1} << kCeiling, false};
  // With 64 extra places on the right, the integer part is the upper half and the rest the lower half.
  const Uint128 fixed = shift_right_sticky(static_cast<Uint128>(value.significand) << 64, 63 - exponent);
  const auto rest = static_cast<std::uint64_t>(fixed);
  auto magnitude = static_cast<std::uint64_t>(fixed >> 64);
  if (rounds_up(rounding, value.negative, (magnitude & 1) != 0, rest)) ++magnitude;
  return {magnitude, rest != 0};
}

/// (FPToFixed) Sign- or zero-extended to 64 bits.
template <typename Format>
std::uint64_t to_fixed_point(typename Format::Bits a, FixedPoint type, Rounding rounding, Fpscr& fpscr) {
  const Unpacked x = unpack<Format>(a, fpscr);
  if (x.is_zero()) return 0;
  if (x.is_nan()) {
    fpscr.raise(Fpscr::kInvalid);
    return 0;
  }
  const std::uint64_t highest =
      type.is_signed ? (std::uint64_t{1} << (type.width - 1)) - 1 : (std::uint64_t{1} << type.width) - 1;
  const std::uint64_t lowest_magnitude = type.is_signed ? highest + 1 : 0;
  const std::uint64_t limit = x.negative ? lowest_magnitude : highest;
  std::optional<Integral> integral;
  if (!x.is_infinity()) integral = rounded_magnitude(x, type.fraction_bits, rounding);
  std::uint64_t magnitude = limit;
  if (!integral || integral->magnitude > limit) {
    fpscr.raise(Fpscr::kInvalid);
  } else {
    magnitude = integral->magnitude;
    if (integral->inexact) fpscr.raise(Fpscr::kInexact);
  }
  return x.negative ? 0 - magnitude : magnitude;
}

/// (FixedToFP)
template <typename Format>
typename Format::Bits from_fixed_point(std::uint32_t value, FixedPoint type, Rounding rounding,
                                       Fpscr& fpscr) {
  const int unused = 32 - type.width;
  const std::uint32_t aligned = value << unused;
  const bool negative = type.is_signed && (aligned >> 31) != 0;
  const std::uint32_t magnitude = (negative ? 0 - aligned : aligned) >> unused;
  if (magnitude == 0) return 0;
  return round_and_pack<Format>(normalised(negative, 63 - type.fraction_bits, magnitude), rounding, fpscr);
}

/// (FPConvertNaN) Keeps the sign and the upper bits of the payload.
template <typename To, typename From>
typename To::Bits converted_nan(Kind kind, typename From::Bits a, bool negative, Fpscr& fpscr) {
  if (kind == Kind::signalling_nan) fpscr.raise(Fpscr::kInvalid);
  if (fpscr.default_nan()) return To::kDefaultNan;
  constexpr int kShift = To::kFractionBits - From::kFractionBits;
  const std::uint64_t fraction = a & From::kFractionMask;
  const std::uint64_t moved = kShift >= 0 ? fraction << (kShift & 63) : fraction >> (-kShift & 63);
  return signed_bits<To>(negative, static_cast<typename To::Bits>(To::kDefaultNan | moved));
}

/// In the alternative half format the highest exponent is an ordinary one.
Unpacked unpack_alternative_half(Half::Bits a, Fpscr& fpscr) {
  if ((a & Half::kInfinity) != Half::kInfinity) return unpack<Half>(a, fpscr);
  const std::uint64_t fraction = a & Half::kFractionMask;
  return {Kind::finite, (a & Half::kSignBit) != 0, Half::kMaxExponentField - Half::kBias,
          std::uint64_t{1} << 63 | fraction << (63 - Half::kFractionBits)};
}

template <typename From>
Half::Bits to_alternative_half(const Unpacked& x, Fpscr& fpscr) {
  if (x.is_nan() || x.is_infinity()) {
    fpscr.raise(Fpscr::kInvalid);
    return signed_bits<Half>(x.negative, x.is_nan() ? 0 : static_cast<Half::Bits>(~Half::kSignBit));
  }
  if (x.is_zero()) return signed_bits<Half>(x.negative, 0);
  return round_and_pack<Half, true>(x, fpscr.rounding(), fpscr);
}

}  // namespace

namespace integer {

template <typename To, typename From>
typename To::Bits convert(typename From::Bits a, Fpscr& fpscr) {
  constexpr bool kFromHalf = sizeof(typename From::Bits) == sizeof(Half::Bits);
  constexpr bool kToHalf = sizeof(typename To::Bits) == sizeof(Half::Bits);
  Unpacked x;
  if constexpr (kFromHalf) {
    x = fpscr.alternative_half() ? unpack_alternative_half(a, fpscr) : unpack<Half>(a, fpscr);
  } else {
    x = unpack<From>(a, fpscr);
  }
  if constexpr (kToHalf) {
    if (fpscr.alternative_half()) return to_alternative_half<From>(x, fpscr);
  }
  if (x.is_nan()) return converted_nan<To, From>(x.kind, a, x.negative, fpscr);
  if (x.is_infinity()) return signed_bits<To>(x.negative, To::kInfinity);
  if (x.is_zero()) return signed_bits<To>(x.negative, 0);
  return round_and_pack<To>(x, fpscr);
}

template <typename Format>
std::uint32_t to_integer(typename Format::Bits a, bool is_signed, Rounding rounding, Fpscr& fpscr) {
  return static_cast<std::uint32_t>(to_fixed_point<Format>(a, {.is_signed = is_signed}, rounding, fpscr));
}

template <typename Format>
typename Format::Bits from_integer(std::uint32_t value, bool is_signed, Fpscr& fpscr) {
  return from_fixed_point<Format>(value, {.is_signed = is_signed}, fpscr.rounding(), fpscr);
}

template Double::Bits convert<Double, Single>(Single::Bits, Fpscr&);
template Single::Bits convert<Single, Double>(Double::Bits, Fpscr&);
template Single::Bits convert<Single, Half>(Half::Bits, Fpscr&);
template Half::Bits convert<Half, Single>(Single::Bits, Fpscr&);
template Double::Bits convert<Double, Half>(Half::Bits, Fpscr&);
template Half::Bits convert<Half, Double>(Double::Bits, Fpscr&);

template std::uint32_t to_integer<Single>(Single::Bits, bool, Rounding, Fpscr&);
template std::uint32_t to_integer<Double>(Double::Bits, bool, Rounding, Fpscr&);
template Single::Bits from_integer<Single>(std::uint32_t, bool, Fpscr&);
template Double::Bits from_integer<Double>(std::uint32_t, bool, Fpscr&);

}  // namespace integer

template <typename Format>
std::uint64_t to_fixed(typename Format::Bits a, FixedPoint type, Fpscr& fpscr) {
  return to_fixed_point<Format>(a, type, Rounding::toward_zero, fpscr);
}

template <typename Format>
typename Format::Bits from_fixed(std::uint32_t value, FixedPoint type, Fpscr& fpscr) {
  return from_fixed_point<Format>(value, type, Rounding::nearest_even, fpscr);
}

template <typename Format>
typename Format::Bits round_to_integral(typename Format::Bits a, Rounding rounding, bool signal_inexact,
                                        Fpscr& fpscr) {
  const Unpacked x = unpack<Format>(a, fpscr);
  if (x.is_nan()) return process_nan<Format>(x.kind, a, fpscr);
  if (x.is_zero()) return signed_bits<Format>(x.negative, 0);
  if (x.is_infinity() || x.exponent >= Format::kFractionBits) return a;
  const Integral integral = rounded_magnitude(x, 0, rounding);
  if (integral.inexact && signal_inexact) fpscr.raise(Fpscr::kInexact);
  if (integral.magnitude == 0) return signed_bits<Format>(x.negative, 0);
  return round_and_pack<Format>(normalised(x.negative, 63, integral.magnitude), fpscr);
}

#define MCUSIM_INSTANTIATE(Format)                                             \
  template std::uint64_t to_fixed<Format>(Format::Bits, FixedPoint, Fpscr&);   \
  template Format::Bits from_fixed<Format>(std::uint32_t, FixedPoint, Fpscr&); \
  template Format::Bits round_to_integral<Format>(Format::Bits, Rounding, bool, Fpscr&);
MCUSIM_INSTANTIATE(Single)
MCUSIM_INSTANTIATE(Double)
#undef MCUSIM_INSTANTIATE

}  // namespace mcusim::emulator::fpu
